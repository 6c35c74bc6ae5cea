import { describe, expect, it } from '@jest/globals';
import { newFiles, type NewMigration } from './new-files.js';

const NOW = new Date('2026-11-26T18:15:00.123Z');

function pathsOf(tool: NewMigration['tool'], existing: readonly string[] = [], name = 'Add second Address!'): string[] {
  return newFiles({ tool, name, existing, now: NOW, author: 'Ann Lee' }).map(({ path }) => path);
}

describe('a new migration', () => {
  it.each([
    ['dbmate', [], ['20261126181500_add_second_address.sql']],
    ['golang-migrate', [], ['000001_add_second_address.up.sql', '000001_add_second_address.down.sql']],
    [
      'golang-migrate',
      ['0009_a.up.sql', '0010_b.up.sql'],
      ['0011_add_second_address.up.sql', '0011_add_second_address.down.sql'],
    ],
    ['goose', ['00001_a.sql'], ['00002_add_second_address.sql']],
    ['goose', ['20250101000000_a.sql'], ['20261126181500_add_second_address.sql']],
    ['prisma', ['20250101000000_init/migration.sql'], ['20261126181500_add_second_address/migration.sql']],
    ['flyway', ['V1__a.sql', 'sub/V10_2__b.sql', 'R__views.sql'], ['V11__add_second_address.sql']],
    ['flyway', [], ['V1__add_second_address.sql']],
    ['node-pg-migrate', [], ['1795716900123_add_second_address.sql']],
    ['liquibase', [], ['20261126181500_add_second_address.sql']],
  ] as const)('of %s beside %j is called %j', (tool, existing, paths) => {
    expect(pathsOf(tool, existing)).toEqual(paths);
  });

  it('has what the tool looks for', () => {
    const [file] = newFiles({ tool: 'liquibase', name: 'x', existing: [], now: NOW, author: 'Ann Lee' });
    expect(file?.text).toMatch(/^--liquibase formatted sql\n\n--changeset ann_lee:x\n/);
    expect(newFiles({ tool: 'dbmate', name: 'x', existing: [], now: NOW, author: '' })[0]?.text).toMatch(
      /^-- migrate:up\n/,
    );
  });

  it('is left to the tool that keeps a journal, and wants a name', () => {
    expect(() => pathsOf('drizzle')).toThrow(
      expect.objectContaining({ next: 'Run "npx drizzle-kit generate --custom --name=add_second_address".' }),
    );
    expect(() => pathsOf('dbmate', [], '../..')).toThrow('is no name for a file');
    expect(pathsOf('dbmate', [], '../../etc/passwd')).toEqual(['20261126181500_etc_passwd.sql']);
  });
});
