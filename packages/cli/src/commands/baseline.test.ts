import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from '../testing/captured.js';
import { treeOf } from '../testing/trees.js';

const FILE = `version: 1
migration: shop
sources:
  - { endpoint: users, tool: dbmate, path: db }
`;

it('eden baseline changes the file alone, and says who writes the history', async () => {
  const cwd = treeOf({ 'eden.yaml': FILE });
  const { code, err } = await capture(['baseline', 'users', '--to', '2'], { cwd });
  expect(code).toBe(0);
  expect(readFileSync(join(cwd, 'eden.yaml'), 'utf8')).toMatch(/baseline: "?2"?/);
  expect(err).toContain('The next "eden apply" writes that into the history');
  expect((await capture(['baseline', '--help'])).out.replace(/\s+/g, ' ')).toContain(
    'the next "eden apply" writes the history',
  );
});
