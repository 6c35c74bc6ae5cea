import { expect, it } from '@jest/globals';
import { close, treeOf, withoutRoot } from '../testing/trees.js';
import { scanTree } from './scan-tree.js';

const GOOSE = '-- +goose Up\nSELECT 1;\n';

it('a tree is read without the files and folders that may not be read', async () => {
  const root = treeOf({ 'a/1_a.sql': GOOSE, 'a/2_closed.sql': GOOSE, 'closed/1_b.sql': GOOSE });
  close(root, 'a/2_closed.sql');
  close(root, 'closed');
  expect(await withoutRoot(() => scanTree(root))).toMatchObject([{ tool: 'goose', path: 'a', files: 1 }]);
});
