import { afterEach, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptFolder } from './kept-folder.js';

const made: string[] = [];

/** Nobody else can get in there. */
function privateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'eden-kept-test-'));
  made.push(folder);
  return folder;
}

afterEach(() => made.splice(0).forEach((path) => rmSync(path, { recursive: true, force: true })));

it('the folder of another account is found again, and nothing is given away through a link that lies there', async () => {
  const account = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const wanted = join(privateFolder(), 'data');
  const folder = await keptFolder(wanted, account);
  made.push(folder);
  expect(folder).not.toBe(wanted);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(await keptFolder(wanted, account)).toBe(folder);
  rmSync(folder, { recursive: true });
  symlinkSync(privateFolder(), folder);
  await expect(keptFolder(wanted, account)).rejects.toThrow('is a link');
});
