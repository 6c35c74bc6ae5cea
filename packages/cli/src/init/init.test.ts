import { describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadFile } from '../file/load-file.js';
import { capture, newFolder } from '../testing/captured.js';

/** Laid out as the tools' own documentation shows it. */
const TREES: Readonly<Record<string, string>> = {
  'services/billing/db/migrations/20230101000000_invoices.sql':
    '-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\nDROP TABLE a;\n',
  'services/ledger/migrations/000001_create.up.sql': 'CREATE TABLE a ();',
  'services/ledger/migrations/000001_create.down.sql': 'DROP TABLE a;',
  'services/stock/sql/00001_create.sql': '-- +goose Up\nCREATE TABLE a ();\n-- +goose Down\nDROP TABLE a;\n',
  'services/users/prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
  'services/users/prisma/migrations/20230101000000_init/migration.sql': 'CREATE TABLE a ();',
  'orders/src/main/resources/db/migration/V1__init.sql': 'CREATE TABLE a ();',
  'apps/mail/migrations/1700000000000_create.sql':
    '-- Up Migration\nCREATE TABLE a ();\n-- Down Migration\nDROP TABLE a;\n',
  'apps/search/drizzle/meta/_journal.json': '{"entries":[]}',
  'apps/search/drizzle/0000_init.sql': 'CREATE TABLE a ();',
  'legacy/changelog/001.sql': '--liquibase formatted sql\n--changeset ann:1\nCREATE TABLE a ();\n',
  'node_modules/x/db/migrations/20230101000000_no.sql': '-- migrate:up\n',
  'services/users/dist/migrations/000001_no.up.sql': '',
  'README.md': '-- migrate:up',
};

function treeOf(files: Readonly<Record<string, string>>): string {
  const folder = newFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe('eden init', () => {
  it('finds the folders of all eight tools, and writes a file that can be applied', async () => {
    const cwd = treeOf(TREES);
    expect(await capture(['init', '--yes', '--migration', 'shop'], { cwd })).toMatchObject({ code: 0 });
    const { content } = await loadFile({ file: undefined, environment: undefined, cwd });
    expect(content.migration).toBe('shop');
    expect(content.sources.map(({ endpoint, tool, path }) => [endpoint, tool, path])).toEqual([
      ['mail', 'node-pg-migrate', 'apps/mail/migrations'],
      ['search', 'drizzle', 'apps/search/drizzle'],
      ['legacy', 'liquibase', 'legacy/changelog'],
      ['orders', 'flyway', 'orders/src/main/resources/db/migration'],
      ['billing', 'dbmate', 'services/billing/db/migrations'],
      ['ledger', 'golang-migrate', 'services/ledger/migrations'],
      ['stock', 'goose', 'services/stock/sql'],
      ['users', 'prisma', 'services/users/prisma/migrations'],
    ]);
    expect(content.endpoints['users']).toEqual({ kind: 'Postgres', url: 'env:USERS_DATABASE_URL' });
    expect(Object.keys(content.endpoints).sort()).toEqual(content.sources.map(({ endpoint }) => endpoint).sort());
  });

  it('names databases after the project where the path says nothing, and never two alike', async () => {
    const cwd = treeOf({
      'migrations/000001_a.up.sql': '',
      'a/users/migrations/000001_a.up.sql': '',
      'b/users/migrations/000001_a.up.sql': '',
      'c/über uns!/migrations/000001_a.up.sql': '',
    });
    await capture(['init', '--yes'], { cwd });
    const { content } = await loadFile({ file: undefined, environment: undefined, cwd });
    const names = content.sources.map(({ endpoint }) => endpoint);
    expect(names.slice(0, 3)).toEqual(['users', 'users-2', 'ber-uns']);
    expect(cwd).toContain(names[3]);
  });

  it('writes over nothing, and says when there is nothing', async () => {
    const cwd = treeOf({ ...TREES, 'eden.yaml': 'mine' });
    expect(await capture(['init', '--yes'], { cwd })).toMatchObject({
      code: 2,
      err: expect.stringContaining('Say --force'),
    });
    expect(readFileSync(join(cwd, 'eden.yaml'), 'utf8')).toBe('mine');
    expect(await capture(['init', '--yes', '--force'], { cwd })).toMatchObject({ code: 0 });
    const empty = await capture(['init', '--yes'], { cwd: treeOf({ 'a.sql': 'SELECT 1' }) });
    expect(empty).toMatchObject({ code: 1, err: expect.stringContaining('There is no migration folder') });
    expect(await capture(['init'], { cwd: treeOf(TREES) })).toMatchObject({
      code: 2,
      err: expect.stringContaining('Say --yes'),
    });
  });
});
