import { describe, expect, it } from '@jest/globals';
import { detectSources } from './detect-sources.js';
import type { TreeFile } from './detection.js';

const FORMATTED = '--liquibase formatted sql\n--changeset ann:1\nSELECT 1;';

/** Trees as the tools' own documentation shows them. */
const TREES: readonly [string, readonly TreeFile[], string][] = [
  [
    'dbmate',
    [{ path: 'db/migrations/20230101000000_users.sql', text: '-- migrate:up\n-- migrate:down\n' }],
    'db/migrations',
  ],
  [
    'golang-migrate',
    [{ path: 'migrations/000001_users.up.sql' }, { path: 'migrations/000001_users.down.sql' }],
    'migrations',
  ],
  ['goose', [{ path: 'sql/00001_users.sql', text: '-- +goose Up\nSELECT 1;\n' }], 'sql'],
  [
    'prisma',
    [
      { path: 'api/prisma/migrations/migration_lock.toml' },
      { path: 'api/prisma/migrations/20230101000000_init/migration.sql' },
    ],
    'api/prisma/migrations',
  ],
  ['flyway', [{ path: 'src/main/resources/db/migration/V1__init.sql' }], 'src/main/resources/db/migration'],
  ['flyway', [{ path: 'db/migration/a/V1__init.sql' }, { path: 'db/migration/R__views.sql' }], 'db/migration'],
  [
    'node-pg-migrate',
    [{ path: 'migrations/1700000000000_users.sql', text: '-- Up Migration\nSELECT 1;' }],
    'migrations',
  ],
  ['node-pg-migrate', [{ path: 'migrations/1700000000000_users.up.sql', text: 'SELECT 1;' }], 'migrations'],
  [
    'drizzle',
    [{ path: 'drizzle/meta/_journal.json' }, { path: 'drizzle/0000_init.sql', text: 'SELECT 1;' }],
    'drizzle',
  ],
  ['liquibase', [{ path: 'changelog/001.sql', text: FORMATTED }], 'changelog'],
];

describe('detectSources', () => {
  it.each(TREES)('finds a folder of %s, and nothing else', (tool, files, path) => {
    const readme = { path: 'README.md', text: '-- migrate:up' };
    const found = detectSources([readme, ...files]);
    expect(found.map((source) => [source.tool, source.path])).toEqual([[tool, path]]);
  });

  it('finds several folders of a tree, by path, and counts what each would apply', () => {
    const found = detectSources(TREES.slice(0, 2).flatMap(([, files]) => files));
    expect(found.map(({ path, files }) => [path, files])).toEqual([
      ['db/migrations', 1],
      ['migrations', 1],
    ]);
  });

  it('takes no plain SQL, no schema dump and no folder of the Drizzle that keeps no journal for a source', () => {
    expect(
      detectSources([
        { path: 'db/schema.sql', text: 'CREATE TABLE a ()' },
        { path: 'db/01_seed.sql', text: 'SELECT 1' },
        { path: 'drizzle/20240101000000_init/migration.sql' },
        { path: 'drizzle/20240101000000_init/snapshot.json' },
      ]),
    ).toEqual([]);
  });
});
