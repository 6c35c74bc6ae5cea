import { expect, it } from '@jest/globals';
import type { Drift } from '@eden/client';
import { differencesOf } from './differences.js';

const DROPPED: Omit<Drift, 'endpoint'> = {
  database: 'app',
  object: 'index public.users_email',
  change: 'removed',
  before: 'CREATE INDEX users_email ON public.users (email)',
  after: null,
};

it('what has changed in the same way in several databases is one difference', () => {
  const other = { ...DROPPED, before: 'CREATE UNIQUE INDEX users_email ON public.users (email)' };
  const differences = differencesOf([
    { ...DROPPED, endpoint: 'eu' },
    { ...other, endpoint: 'us' },
    { ...DROPPED, endpoint: 'asia' },
  ]);
  expect(differences.map(({ endpoints, before }) => ({ endpoints, before }))).toEqual([
    { endpoints: ['asia', 'eu'], before: DROPPED.before },
    { endpoints: ['us'], before: other.before },
  ]);
});
