import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { callAt, json } from '../testing/call-at.js';
import { treeOf } from '../testing/trees.js';

const finding = { rule: 'drop-table', severity: 'danger', message: 'DROP TABLE' };
const step = { template_id: null, source: 'users', file: 'a b/1.sql', statements: [], findings: [finding] };
const apis = [{ api: 'a', api_id: 'shop.users', stage: 0, bindings: [step] }];
const plan = { hash: '3f2a9c', atomicity: 'atomic', apis, databases: [], later_parts: [] };
const ANSWERS = {
  'GET /api/v1/migrations': json({ status: 'success', data: [], next_cursor: null }),
  'GET /api/v1/endpoints/users': json({ status: 'success', data: { id: 'users', kind: 'Postgres', config: {} } }),
  'POST /api/v1/plans': json({ status: 'success', data: plan }),
};

/** A plan of sub/eden.yaml, whose only source lies there. */
async function planned(format: string, path: string, file: string, below = ''): Promise<string> {
  const source = JSON.stringify({ endpoint: 'users', tool: 'dbmate', path });
  const content = `version: 1\nmigration: shop\nsources: [${source}]\n`;
  const tree = treeOf({ 'sub/eden.yaml': content, 'sub/db/1.sql': '', 'sub/1.sql': '' });
  const { out } = await callAt(['plan', '-f', file, '-o', format], ANSWERS, { cwd: join(tree, below) });
  return out;
}

describe('a plan for tools', () => {
  it.each([
    ['db', 'sub/eden.yaml', '', 'sub/db'],
    ['./db/', 'sub/eden.yaml', '', 'sub/db'],
    ['.', 'sub/eden.yaml', '', 'sub'],
    ['db', 'eden.yaml', 'sub', 'db'],
    ['.', 'eden.yaml', 'sub', '.'],
  ])('names the files of %s in %s as they are seen from "%s" below the tree', async (path, file, below, seen) => {
    const folder = seen === '.' ? '' : `${seen}/`;
    expect(await planned('sarif', path, file, below)).toContain(`"uri": "${folder}a%20b/1.sql"`);
    expect(await planned('junit', path, file, below)).toContain(`file="${folder}a b/1.sql"`);
  });
});
