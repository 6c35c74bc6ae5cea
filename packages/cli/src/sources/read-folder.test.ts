import { describe, expect, it } from '@jest/globals';
import { close, treeOf, withoutRoot } from '../testing/trees.js';
import { readFolder } from './read-folder.js';

describe('a folder of migrations', () => {
  it('is read with its files by path', async () => {
    const files = await readFolder(treeOf({ 'b.sql': 'B', 'a/ü %22.sql': 'A', '.hidden': '' }), 'db');
    expect(files.map(({ path, bytes }) => [path, bytes.toString()])).toEqual([
      ['a/ü %22.sql', 'A'],
      ['b.sql', 'B'],
    ]);
  });

  it('with a file that cannot be read says which, and what to do', async () => {
    const folder = treeOf({ 'a.sql': '', 'b.sql': '' });
    close(folder, 'b.sql');
    await expect(withoutRoot(() => readFolder(folder, 'db'))).rejects.toMatchObject({
      name: 'CommandError',
      message: 'db/b.sql cannot be read (EACCES)',
      next: 'Make it readable, or take it out of the folder.',
    });
  });

  it.each(['1_"a".sql', '1_a\n.sql', '1_a\r.sql', 'a"b/1_a.sql'])(
    'with a name that would arrive as another one is refused: %j',
    async (path) => {
      await expect(readFolder(treeOf({ [path]: '' }), 'db')).rejects.toMatchObject({
        name: 'CommandError',
        message: `${JSON.stringify(`db/${path}`)} has a quote or a line break in its name`,
      });
    },
  );
});
