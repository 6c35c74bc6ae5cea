import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse } from '@eden/testkit';
import { startCluster, testServers } from '@eden/testkit';
import type { CustomerDatabase } from '../customers/customer-world.js';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';

const FILE = `\\restrict key
BEGIN;
SET lock_timeout = 0;
CREATE TYPE mood AS ENUM ('{{sad}}', 'o;k');
CREATE TABLE note (id int PRIMARY KEY, text text, mood mood DEFAULT '{{sad}}');
COPY note (id, text) FROM stdin;
1	it's; $$
2	\\N
\\.
CREATE FUNCTION half(n int) RETURNS int BEGIN ATOMIC SELECT n / 2; END;
COMMIT;
\\unrestrict key
`;

let world: CustomerWorld;
let one: CustomerDatabase;
let two: CustomerDatabase;

beforeAll(async () => {
  world = await CustomerWorld.create(await startCluster());
  one = await world.addDatabase(testServers().targets[0], 'one');
  two = await world.addDatabase(testServers().targets[1], 'two');
});

function add(id: string, endpoint: string, query: string, settings: object = {}): Promise<ApiResponse> {
  const { kind = 'Write', ...more } = settings as { kind?: string };
  const template = { endpoint, kind, template: { syntax: 'sql', query } };
  return world.client.post('/templates', { id, template, ...more });
}

/** A migration of one template in each of the two databases, synced. */
async function synced(id: string, templates: readonly [string, string]): Promise<void> {
  await world.accept('/migrations', { id });
  for (const [index, template] of templates.entries()) {
    await world.addApi(`${id}_${index}`);
    await world.accept(`/migrations/${id}/add_api`, { id: `${id}_${index}`, bindings: [{ template }] });
  }
  await world.accept(`/migrations/${id}/sync`);
}

describe('files of SQL as they are', () => {
  it('commit together in two databases, and the plan notes their BEGIN and COMMIT', async () => {
    for (const endpoint of ['one', 'two']) {
      const rollback = { syntax: 'sql', query: 'DROP TABLE note; DROP TYPE mood; DROP FUNCTION half;' };
      expect(await add(`file_${endpoint}`, endpoint, FILE, { rollback })).toMatchObject({ status: 200 });
    }
    await synced('files', ['file_one', 'file_two']);
    const plan = await world.client.get<{ data: { apis: { bindings: object[] }[] } }>('/migrations/files/plan');
    expect(plan.body.data.apis[0]?.bindings[0]).toMatchObject({
      class: '2pc',
      findings: [{ rule: 'joined-transaction', message: expect.stringContaining('lines 2, 11') }],
      statements: [FILE],
    });
    await world.accept('/migrations/files/migrate');
    for (const { database } of [one, two]) {
      expect(await rowsOf(database, 'SELECT id, text, mood::text, half(id * 4) FROM note ORDER BY id')).toEqual([
        { id: 1, text: "it's; $$", mood: '{{sad}}', half: 2 },
        { id: 2, text: null, mood: '{{sad}}', half: 4 },
      ]);
    }
    await world.accept('/migrations/files/rollback');
    for (const { database } of [one, two])
      expect(await rowsOf(database, "SELECT to_regclass('note') AS t")).toEqual([{ t: null }]);
  });

  it('of which one fails leave nothing, and the error names the place in the file', async () => {
    await add('good', 'one', 'CREATE TABLE kept (id int);');
    await add(
      'bad',
      'two',
      `-- a file\n${'SELECT 1;\n'.repeat(400)}CREATE TABLE kept (id int);\n  DROP TABLE nowhere;`,
    );
    await synced('torn', ['good', 'bad']);
    const { status, body } = await world.client.post('/migrations/torn/migrate', {});
    expect({ status, body }).toMatchObject({
      status: 500,
      body: { errors: [{ template: 'bad', sqlstate: '42P01', statement: 402, line: 403, column: 3 }] },
    });
    for (const { database } of [one, two])
      expect(await rowsOf(database, "SELECT to_regclass('kept') AS t")).toEqual([{ t: null }]);
  });

  it('are run by themselves as well, and rendered as they are', async () => {
    await add('both', 'one', "SELECT '{{x}}' AS a; SELECT 2 AS n -- end", { kind: 'Read' });
    expect((await world.client.post('/templates/both', {})).body).toMatchObject({ data: { rows: [{ n: 2 }] } });
    expect((await world.client.post('/templates/both/render', {})).body).toMatchObject({
      data: { statements: [{ query: "SELECT '{{x}}' AS a; SELECT 2 AS n -- end", params: [] }] },
    });
    expect((await world.client.get('/templates/both')).body).toMatchObject({
      data: { template: { template: { syntax: 'sql' } } },
    });
  });

  it('of comments alone do nothing', async () => {
    await add('silent_one', 'one', '-- nothing');
    await add('silent_two', 'two', ' /* nothing; */ ');
    await synced('silent', ['silent_one', 'silent_two']);
    await world.accept('/migrations/silent/migrate');
  });

  it.each([
    ['SELECT 1;\nROLLBACK;', 'template.template.query', 'line 2'],
    ['SELECT 1;\n\\i other.sql', 'template.template.query', 'line 2'],
    ["SELECT\n\n 'open", 'template.template.query', 'line 3'],
    ['SELECT :x', 'template.template.query', 'line 1'],
  ])('that cannot run are refused when the template is made: %j', async (query, path, words) => {
    expect(await add('refused', 'one', query)).toMatchObject({
      status: 400,
      body: { issues: [{ path, message: expect.stringContaining(words) }] },
    });
  });

  it('have no parameters and no batches', async () => {
    const template = { endpoint: 'one', kind: 'Write', template: { syntax: 'sql', query: 'SELECT 1', params: [1] } };
    const { body } = await world.client.post('/templates', { id: 'x', template, batch: { size: 1 } });
    expect(body).toMatchObject({ issues: [{ path: 'template.template.params' }, { path: 'batch' }] });
  });
});
