import { describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
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

  it('says what the tool complains of, without what is secret, and ends with 10', async () => {
    const { code, out } = await capture(['verify'], folderWith('dbmate', 'echo "Pending: 2 at $DATABASE_URL"; exit 1'));
    expect({ code, out }).toEqual({
      code: 10,
      out: expect.stringMatching(/users +dbmate +not content +Pending: 2 at …/),
    });
    expect(out).not.toContain('geheim');
  });

  it('passes over tools that are not there', async () => {
    expect(await capture(['verify'], folderWith('another', 'exit 1'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('not installed'),
    });
  });
});
