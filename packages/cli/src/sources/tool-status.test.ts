import { describe, expect, it } from '@jest/globals';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, newFolder } from '../testing/captured.js';

const URL_OF_USERS = 'postgresql://ann:geheim@127.0.0.1:1/users?sslmode=disable';

/** A program of this name on the PATH that says what it is told to, and with what it was called. */
function folderWith(program: string, script: string): { cwd: string; env: Record<string, string> } {
  const cwd = newFolder();
  mkdirSync(join(cwd, 'bin'));
  mkdirSync(join(cwd, 'db'));
  writeFileSync(join(cwd, 'bin', program), `#!/bin/sh\n${script}\n`);
  chmodSync(join(cwd, 'bin', program), 0o755);
  writeFileSync(join(cwd, 'db', '20250101000000_a.sql'), '-- migrate:up\nSELECT 1;\n');
  writeFileSync(
    join(cwd, 'eden.yaml'),
    'version: 1\nmigration: shop\nendpoints: {users: {kind: Postgres, url: env:DB}}\nsources: [{endpoint: users, path: db}]\n',
  );
  return { cwd, env: { PATH: `${join(cwd, 'bin')}:/bin:/usr/bin`, DB: URL_OF_USERS } };
}

describe('eden verify', () => {
  it('is content when the tool is, and gives it the address by its environment alone', async () => {
    const script = `[ "$DATABASE_URL" = "${URL_OF_USERS}" ] && echo "$*" | grep -qv geheim && echo "Pending: 0"`;
    expect(await capture(['verify', '-o', 'json'], folderWith('dbmate', script))).toMatchObject({
      code: 0,
      out: expect.stringContaining('"state": "content"'),
    });
  });

  it('asks dbmate over the same kind of connection as the service has where the URL says nothing of TLS', async () => {
    const { cwd, env } = folderWith('dbmate', 'echo "Pending: 0 at $DATABASE_URL" | grep sslmode=disable');
    const DB = URL_OF_USERS.replace('?sslmode=disable', '');
    expect(await capture(['verify'], { cwd, env: { ...env, DB } })).toMatchObject({ code: 0 });
  });

  it('says what the tool complains of, without what is secret, and ends with 10', async () => {
    const { code, out } = await capture(['verify'], folderWith('dbmate', 'echo "Pending: 2 at $DATABASE_URL"; exit 1'));
    expect({ code, out }).toEqual({
      code: 10,
      out: expect.stringMatching(/users +dbmate +not content +Pending: 2 at …/),
    });
    expect(out).not.toContain('geheim');
  });

  it('takes a percent sign in a password that encodes nothing as it is', async () => {
    const { cwd, env } = folderWith('dbmate', 'echo "Pending: 0 at $DATABASE_URL"');
    const asked = await capture(['verify', '-o', 'json'], {
      cwd,
      env: { ...env, DB: 'postgresql://ann:50%off@127.0.0.1:1/users' },
    });
    expect(asked).toMatchObject({ code: 0, out: expect.stringContaining('"state": "content"') });
    expect(asked.out).not.toContain('50%off');
  });

  it('passes over tools that are not there', async () => {
    expect(await capture(['verify'], folderWith('another', 'exit 1'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('not installed'),
    });
  });

  /** As `folderWith`, of a source with this tool and these options. */
  function optionsWith(program: string, script: string, options: object) {
    const found = folderWith(program, script);
    const source = JSON.stringify({ endpoint: 'users', tool: program, path: 'db', options });
    const endpoints = 'endpoints: {users: {kind: Postgres, url: env:DB}}';
    writeFileSync(join(found.cwd, 'eden.yaml'), `version: 1\nmigration: shop\n${endpoints}\nsources: [${source}]\n`);
    return found;
  }

  const PLACE = { schema: 'audit', table: 'history' };

  it.each([
    ['dbmate', PLACE, 'echo " $* " | grep -q -- " --migrations-table audit.history status " && echo "Pending: 0"'],
    ['dbmate', { schema: 'audit' }, 'echo " $* " | grep -q "audit.schema_migrations " && echo "Pending: 0"'],
    ['dbmate', { table: 'history' }, 'echo " $* " | grep -q -- "-table history " && echo "Pending: 0"'],
    ['dbmate', { table: 'audit.history', strict: true }, 'echo "$*" | grep -q audit.history && echo "Pending: 0"'],
    ['goose', PLACE, 'echo " $* " | grep -- " -table audit.history status "'],
    ['goose', {}, 'echo " $* " | grep -v -- -table'],
    [
      'prisma',
      { schema: 'audit' },
      'echo "$DATABASE_URL" | grep -q "&schema=audit" && echo "Database schema is up to date"',
    ],
    [
      'flyway',
      { ...PLACE, placeholders: { Tier: 'a b' } },
      '[ "$FLYWAY_TABLE,$FLYWAY_DEFAULT_SCHEMA,$FLYWAY_PLACEHOLDERS_TIER" = "history,audit,a b" ] && echo "Successfully validated"',
    ],
    ['flyway', { table: 'a.h' }, '[ "$FLYWAY_DEFAULT_SCHEMA.$FLYWAY_TABLE" = a.h ] && echo "Successfully validated"'],
    ['node-pg-migrate', PLACE, 'echo "No migrations to run: $*" | grep -- "-t history --migrations-schema audit"'],
  ])('tells %s of %j', async (program, options, script) => {
    expect(await capture(['verify'], optionsWith(program, script, options))).toMatchObject({
      code: 0,
      out: expect.stringMatching(/ content +–/),
    });
  });

  it.each([
    ['dbmate', { placeholders: { a: 'b' } }, 'placeholders'],
    ['dbmate', { to: '20250101000000' }, 'to'],
    ['goose', { table: 'History' }, 'table'],
    ['prisma', { table: 'history' }, 'table'],
    ['flyway', { placeholders: { 'a-b': 'c' } }, 'placeholders.a-b'],
  ])('does not ask %s where it cannot be told of %j', async (program, options, what) => {
    const { cwd, env } = optionsWith(program, 'touch asked', options);
    const { code, out } = await capture(['verify'], { cwd, env });
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(`${program} cannot be told of ${what}:`) });
    expect(existsSync(join(cwd, 'db', 'asked'))).toBe(false);
  });
});
