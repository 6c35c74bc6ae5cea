import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../exit-codes.js';
import { newFolder } from '../testing/captured.js';
import { addressOf, describeAddress } from '@eden/reconcile';
import { loadFile, type LoadedFile } from './load-file.js';
import { resolveEndpoint } from './resolve-values.js';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = newFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function load(files: Readonly<Record<string, string>>, environment?: string): Promise<LoadedFile> {
  return loadFile({ file: undefined, environment, cwd: folderWith(files) });
}

async function mistakeIn(text: string, overlay?: string): Promise<string> {
  const files = overlay === undefined ? { 'eden.yaml': text } : { 'eden.yaml': text, 'eden.prod.yaml': overlay };
  const error = await load(files, overlay === undefined ? undefined : 'prod').catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(CommandError);
  return (error as CommandError).message;
}

const HEAD = 'version: 1\nmigration: shop\n';

describe('eden.yaml', () => {
  it('is what the contract shows', async () => {
    const text = `
version: 1
migration: shop
description: customers get a second address
endpoints:
  users:  { kind: Postgres, url: env:USERS_DATABASE_URL }
  orders: { kind: Postgres, url: env:ORDERS_DATABASE_URL }
sources:
  - { endpoint: users,  tool: prisma, path: services/users/prisma/migrations }
  - { endpoint: orders, tool: flyway, path: services/orders/db/migration, options: { placeholders: { schema: public } } }
apis: []
templates: []
parameters: {}
options: { atomicity: strict, lock_timeout_ms: 5000 }
`;
    const { content } = await load({ 'eden.yaml': text });
    expect(content.endpoints).toEqual({
      users: { kind: 'Postgres', url: 'env:USERS_DATABASE_URL' },
      orders: { kind: 'Postgres', url: 'env:ORDERS_DATABASE_URL' },
    });
    expect(content.sources.map(({ tool }) => tool)).toEqual(['prisma', 'flyway']);
  });

  it('is read with that of an environment over it: maps are merged, all else is replaced', async () => {
    const { content } = await load(
      {
        'eden.yaml': `${HEAD}endpoints: {a: {kind: Postgres, url: env:A}}\napis: [{id: x}, {id: y}]\noptions: {atomicity: best, max_parallel: 4}`,
        'eden.prod.yaml':
          'endpoints: {a: {url: env:PROD_A}, b: {kind: Postgres, url: env:B}}\napis: [{id: z}]\noptions: {max_parallel: 8}',
      },
      'prod',
    );
    expect(content.endpoints).toEqual({
      a: { kind: 'Postgres', url: 'env:PROD_A' },
      b: { kind: 'Postgres', url: 'env:B' },
    });
    expect(content.apis.map(({ id }) => id)).toEqual(['z']);
    expect(content.options).toEqual({ atomicity: 'best', max_parallel: 8 });
  });

  it.each([
    [`${HEAD}souces: []`, 'eden.yaml:3: "souces" is not known; did you mean "sources"?'],
    [
      `${HEAD}endpoints:\n  users:\n    kind: Postgres\n    pasword: x`,
      'eden.yaml:6: endpoints.users: "pasword" is not known; did you mean "password"?',
    ],
    [
      `${HEAD}sources:\n  - endpoint: users\n    tool: flywy\n    path: x`,
      'eden.yaml:5: sources[0].tool: invalid option',
    ],
    [`${HEAD}apis:\n  - bindings: []`, 'eden.yaml:4: apis[0].id: invalid input: expected string'],
    [
      `${HEAD}sources:\n  - { endpoint: users, path: a }\n  - { endpoint: users, path: b }`,
      'eden.yaml:5: sources[1].id: is "users", as that of sources[0] is: give each source of an endpoint an "id"',
    ],
    [
      `${HEAD}sources: [{endpoint: users, path: a}, {id: users, endpoint: orders, path: b}]`,
      'eden.yaml:3: sources[1].id: is "users"',
    ],
    ['version: 2\nmigration: shop', 'eden.yaml:1: version: invalid input: expected 1'],
    [`version: 1\nmigration: "a b"`, 'eden.yaml:2: migration: must be letters, digits'],
    [`${HEAD}endpoints: {a: 1`, 'eden.yaml:3:'],
    ['', 'eden.yaml:1:'],
    ['- a', 'eden.yaml:1:'],
  ])('with a mistake says where it is: %j', async (text, sentence) => {
    expect(await mistakeIn(text)).toContain(sentence);
  });

  it('says which of two files has the mistake', async () => {
    expect(await mistakeIn(`${HEAD}\n\n`, 'parameters: {}\noptions: {atomicity: strikt}')).toContain(
      'eden.prod.yaml:2: options.atomicity',
    );
    expect(await mistakeIn(`${HEAD}`, 'migation: x')).toContain(
      'eden.prod.yaml:1: "migation" is not known; did you mean "migration"?',
    );
  });
});

describe('values of endpoints', () => {
  const entry = { kind: 'Postgres', url: 'env:DB', password: 'secret:PASSWORD', pool_size: 5 } as const;

  it('come from the environment of eden, or are left to the service', () => {
    expect(resolveEndpoint('users', entry, { DB: 'postgresql://a:b@c/d' })).toEqual({
      id: 'users',
      kind: 'Postgres',
      config: { url: 'postgresql://a:b@c/d', password: 'env:PASSWORD', pool_size: 5 },
    });
  });

  it.each([{}, { DB: '' }])('that are not set are named, not guessed: %j', (env) => {
    expect(() => resolveEndpoint('users', entry, env)).toThrow('endpoints.users.url wants the environment variable DB');
  });

  it('of several hosts stay a list', () => {
    const other_hosts = ['env:SECOND', 'db3:5434'];
    const several = { ...entry, other_hosts, target_session_attrs: 'primary' as const };
    const { config } = resolveEndpoint('users', several, { DB: 'x', SECOND: 'db2' });
    expect(config).toMatchObject({ other_hosts: ['db2', 'db3:5434'], target_session_attrs: 'primary' });
    expect(() => resolveEndpoint('users', several, { DB: 'x' })).toThrow('endpoints.users.other_hosts[0] wants');
  });

  it('are shown without what is secret', () => {
    const address = addressOf({ url: 'postgresql://ann:s%2Fcret@[::1]:5433/my%20db?sslmode=require', pool_size: 4 });
    expect(address).toEqual({
      host: '::1',
      port: 5433,
      database: 'my db',
      username: 'ann',
      ssl_mode: 'require',
      pool_size: 4,
    });
    expect(describeAddress(address)).toBe('ann@::1:5433/my db');
    expect(
      JSON.stringify(addressOf({ host: 'h', password: 'geheim', headers: { authorization: 'geheim' } })),
    ).not.toContain('geheim');
    expect(addressOf({ url: 'https://user:geheim@api.example.com/x?token=geheim' })).toEqual({
      url: 'https://api.example.com/x',
    });
    expect(addressOf({ url: 'env:DB' })).toEqual({ url: 'env:DB' });
  });
});
