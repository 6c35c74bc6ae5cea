import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { loadFile } from '../file/load-file.js';
import { runProgram } from '../program.js';
import { capture, surroundingsFor } from '../testing/captured.js';
import { treeOf } from '../testing/trees.js';

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

/** Somebody at a terminal: each question has the next of these answers. */
async function answering(answers: readonly string[], argv: readonly string[], cwd: string): Promise<number> {
  const left = [...answers];
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const { surroundings } = surroundingsFor({ cwd, isTTY: true });
  const write = (text: string) => text.endsWith(': ') && setImmediate(() => stdin.write(`${left.shift()}\n`));
  return runProgram(argv, { ...surroundings, stdin, stderr: { isTTY: true, write } });
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

  it('gives the sources of one endpoint names of their own, and asks for its variable once', async () => {
    const cwd = treeOf(TREES);
    const one = ['shop', 'SHOP_URL', 'shop', 'shop'];
    expect(await answering([...one, ...Array<string>(5).fill('-')], ['init'], cwd)).toBe(0);
    const { content } = await loadFile({ file: undefined, environment: undefined, cwd });
    expect(content.endpoints).toEqual({ shop: { kind: 'Postgres', url: 'env:SHOP_URL' } });
    expect(content.sources.map(({ id, endpoint }) => [id, endpoint])).toEqual([
      [undefined, 'shop'],
      ['shop-2', 'shop'],
      ['shop-3', 'shop'],
    ]);
  });

  it.each([
    ['deploy/eden.yaml', '../db/migrations'],
    ['db/migrations/eden.yaml', '.'],
    ['eden.prod.yaml', 'db/migrations'],
  ])('into %s writes the path %s: those in the file are relative to it', async (file, path) => {
    const cwd = treeOf({ 'db/migrations/000001_a.up.sql': '', 'deploy/README.md': '' });
    const { code, err } = await capture(['init', '--yes', '-f', file], { cwd });
    expect([code, err]).toEqual([0, expect.stringContaining(`\n  eden apply -f ${file} --wait\n`)]);
    const { content } = await loadFile({ file, environment: undefined, cwd });
    expect(content.sources).toMatchObject([{ path }]);
  });

  it('into a folder that is not there says so', async () => {
    const cwd = treeOf({ 'db/migrations/000001_a.up.sql': '' });
    const { code, err } = await capture(['init', '--yes', '-f', 'deploy/eden.yaml'], { cwd });
    expect([code, err]).toEqual([1, expect.stringContaining('deploy/eden.yaml cannot be written (ENOENT)')]);
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
