import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { mergePatch } from '../reconcile/status.js';
import { withConditions } from './conditions.js';
import { requestHash, runKey, specHash } from './hashes.js';
import type { Condition, EdenMigration, MigrationSpec } from './objects.js';
import { REASONS } from './reasons.js';

const EARLIER = new Date('2026-11-26T12:00:00.127Z');
const LATER = new Date('2026-11-26T13:00:00.500Z');

const spec: MigrationSpec = {
  connectionRef: { name: 'eden' },
  approval: 'Automatic',
  suspend: false,
  onFailure: 'Stop',
  deletionPolicy: 'Retain',
};

function migration(parts: Partial<MigrationSpec> = {}, generation = 1): EdenMigration {
  const metadata = { name: 'shop', namespace: 'n', uid: 'f'.repeat(36), generation, resourceVersion: '1' };
  return { apiVersion: 'eden.dev/v1alpha1', kind: 'EdenMigration', metadata, spec: { ...spec, ...parts } };
}

const files = (text: string) => [{ id: 's', files: [{ path: '1.sql', bytes: Buffer.from(text) }] }];

test('a condition keeps its time until its status changes, and the whole stays equal when nothing does', () => {
  const first = withConditions([], { Ready: { status: 'False', reason: 'Syncing' } }, { generation: 1, now: EARLIER });
  expect(first[0]?.lastTransitionTime).toBe('2026-11-26T12:00:00Z');
  expect(
    withConditions(first, { Ready: { status: 'False', reason: 'Syncing' } }, { generation: 1, now: LATER }),
  ).toEqual(first);
  const [other] = withConditions(
    first,
    { Ready: { status: 'False', reason: 'Migrating' } },
    { generation: 1, now: LATER },
  );
  expect(other).toMatchObject({ reason: 'Migrating', lastTransitionTime: '2026-11-26T12:00:00Z' });
  const [turned] = withConditions(
    first,
    { Ready: { status: 'True', reason: 'Completed' } },
    { generation: 1, now: LATER },
  );
  expect(turned?.lastTransitionTime).toBe('2026-11-26T13:00:00Z');
});

test('conditions of others stay', () => {
  const theirs = { type: 'Theirs', status: 'True', reason: 'X', message: '', lastTransitionTime: 'T' } as Condition;
  expect(
    withConditions([theirs], { Ready: { status: 'True', reason: 'Completed' } }, { generation: 1, now: LATER }),
  ).toContain(theirs);
});

test('every reason is one that the API takes', () => {
  for (const reason of Object.keys(REASONS)) expect(reason).toMatch(/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/);
});

test('the hash of a spec is that of what runs: settings and bytes, and not when and how often', () => {
  const hash = specHash(spec, files('SELECT 1'));
  expect(
    specHash(
      { ...spec, suspend: true, runToken: 'again', onFailure: 'Retry', deletionPolicy: 'Delete' },
      files('SELECT 1'),
    ),
  ).toBe(hash);
  expect(specHash(spec, files('SELECT 2'))).not.toBe(hash);
  expect(specHash({ ...spec, parameters: { a: 1 } }, files('SELECT 1'))).not.toBe(hash);
});

test('a request is another one with each generation, run token and content', () => {
  const all = [
    requestHash(migration(), 'h'),
    requestHash(migration({}, 2), 'h'),
    requestHash(migration({ runToken: 'again' }), 'h'),
    requestHash(migration(), 'other'),
  ];
  expect(new Set(all).size).toBe(4);
});

test('a run key holds uid, generation and run token, is another one for each try, and is no longer than a key may be', () => {
  const object = migration({ runToken: 'x'.repeat(64) }, 12);
  const which = { request: 'r', release: 'shop', planHash: 'p', failures: 0 };
  expect(runKey(object, which)).toMatch(new RegExp(`^${'f'.repeat(36)}\\.12\\.${'x'.repeat(64)}\\.[0-9a-f]{16}$`));
  expect(runKey(object, which)).toBe(runKey(object, which));
  const others = [{ failures: 1 }, { release: 'shop-2' }, { planHash: 'q' }].map((other) =>
    runKey(object, { ...which, ...other }),
  );
  expect(new Set([...others, runKey(object, which)]).size).toBe(4);
  expect(runKey(object, which).length).toBeLessThanOrEqual(200);
});

test('a merge patch says null for what is gone, and nothing of what is equal', () => {
  const before = { phase: 'X', attempt: { of: 'a', failures: 1, planHash: 'p' }, run: { uuid: 'u' }, list: [1] };
  const after = { phase: 'Y', attempt: { of: 'a', failures: 2 }, run: { uuid: 'u' }, list: [1, 2] };
  expect(mergePatch(before, after)).toEqual({ phase: 'Y', attempt: { planHash: null, failures: 2 }, list: [1, 2] });
});

test('the reference names every reason, as the code does, and no other', () => {
  const file = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'reference', 'kubernetes.md');
  const [, table = ''] = readFileSync(file, 'utf8').split('## Reasons');
  const documented = [...table.matchAll(/^\| `(\w+)` *\| (.*?) *\|$/gm)].map(([, name, what]) => [name, what]);
  expect(Object.fromEntries(documented)).toEqual(REASONS);
});
