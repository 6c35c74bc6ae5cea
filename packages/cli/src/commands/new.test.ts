import { describe, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../exit-codes.js';
import { capture } from '../testing/captured.js';
import { treeOf } from '../testing/trees.js';

/** Writes a migration into the folder of a source with this tool, which has no files yet. */
async function written(tool: string, ...folders: string[]) {
  const source = JSON.stringify({ endpoint: 'users', tool, path: 'db' });
  const endpoints = 'endpoints: {users: {kind: Postgres, url: env:DB}}';
  const cwd = treeOf({ 'eden.yaml': `version: 1\nmigration: shop\n${endpoints}\nsources: [${source}]\n` });
  for (const folder of folders) mkdirSync(join(cwd, folder));
  return capture(['new', 'init', '--source', 'users'], { cwd });
}

describe('eden new', () => {
  it.each([
    ['an empty folder', ['db']],
    ['a folder that is not there', []],
  ])('writes the first migration of a source into %s', async (_, folders) => {
    expect(await written('goose', ...folders)).toMatchObject({ code: EXIT.done, out: 'db/00001_init.sql\n' });
  });

  it('wants files or a tool that is named to know what to write', async () => {
    expect(await written('auto', 'db')).toMatchObject({ code: EXIT.failedToTry, out: '' });
    expect(await written('auto')).toMatchObject({ code: EXIT.failedToTry, out: '' });
  });
});
