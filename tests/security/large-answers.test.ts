import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster, testServers, type Cluster } from '@eden/testkit';
import { CustomerWorld, rowsOf, type CustomerDatabase } from '../customers/customer-world.js';
import { isLongForm, report } from './report.js';

/** What would be read without a bound runs into this. */
const HEAP_MB = 256;
const MAX_RSS_MB = 512;
const ROW_MIB = isLongForm ? 600 : 150;
const ROWS = isLongForm ? 5_000_000 : 1_000_000;
const TIMEOUT_MS = 240_000;

const GIANT_ROW = `SELECT repeat('x', ${ROW_MIB * 1024 * 1024}) AS one`;
const MANY_ROWS = `SELECT n FROM generate_series(1, ${ROWS}) AS n`;
const WIDE_ROWS = `SELECT repeat('x', 1000) AS one FROM generate_series(1, 100000)`;
const RETURNING = `INSERT INTO filled SELECT n FROM generate_series(1, 200000) AS n RETURNING n`;

const LIMIT_OF: readonly (readonly [what: string, query: string, limit: string])[] = [
  ['one giant row', GIANT_ROW, 'MAX_RESULT_BYTES'],
  ['a million rows and more', MANY_ROWS, 'MAX_RESULT_ROWS'],
  ['100 000 wide rows', WIDE_ROWS, 'MAX_RESULT_BYTES'],
  ['what an INSERT returns', RETURNING, 'MAX_RESULT_ROWS'],
];

let cluster: Cluster;
let world: CustomerWorld;
let customers: CustomerDatabase;
let made = 0;

beforeAll(async () => {
  cluster = await startCluster({ env: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`, MIGRATE_WAIT_MS: '120000' } });
  world = await CustomerWorld.create(cluster);
  customers = await world.addDatabase(testServers().targets[0], 'customers');
  await rowsOf(customers.database, 'CREATE TABLE filled (n int)');
});

/** Nobody died, nobody grew, and what was refused has left nothing. */
afterEach(async () => {
  for (const { process: member } of [...cluster.gateways, ...cluster.workers]) {
    expect({ name: member.name, running: member.running }).toEqual({ name: member.name, running: true });
    expect(highestRssMb(member.pid)).toBeLessThan(MAX_RSS_MB);
  }
});

function highestRssMb(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

async function template(query: string, more: object = {}): Promise<string> {
  const id = `large_${(made += 1)}`;
  await world.addTemplate(id, 'customers', query, { kind: query.startsWith('SELECT') ? 'Read' : 'Write', ...more });
  return id;
}

/** The only binding of a migration; answers what its run came to. */
async function migrate(query: string, more: object = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  const id = await template(query, { kind: 'Write', rollback: { query: 'SELECT 1' }, ...more });
  await world.accept('/migrations', { id });
  await world.addApi(id);
  await world.accept(`/migrations/${id}/add_api`, { id, bindings: [{ template: id, fields: {} }] });
  await world.accept(`/migrations/${id}/sync`);
  return world.client.post(`/migrations/${id}/migrate`);
}

function note(name: string, answer: { status: number }, expected: number): void {
  report({ suite: 'large answers', name, outcome: String(answer.status), gotThrough: answer.status !== expected });
}

describe.each(LIMIT_OF)('%s', (what, query, limit) => {
  it(
    'is a 422 with the name of the limit in a run of a template',
    async () => {
      const answer = await world.client.post(`/templates/${await template(query)}`);
      note(`template: ${what}`, answer, 422);
      expect(answer).toMatchObject({
        status: 422,
        body: { error: 'Result too large', code: 'RESULT_TOO_LARGE', limit },
      });
      expect(await rowsOf(customers.database, 'SELECT FROM filled')).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'is a 422 with the name of the limit in an execution',
    async () => {
      const id = await template(query);
      await world.addApi(id, [], [{ template: id, fields: {} }]);
      const answer = await world.client.post(`/apis/${id}`);
      note(`execution: ${what}`, answer, 422);
      expect(answer).toMatchObject({ status: 422, body: { code: 'RESULT_TOO_LARGE', limit, template: id } });
      expect(await rowsOf(customers.database, 'SELECT FROM filled')).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'fails the run of a migration that looks at it',
    async () => {
      const answer = await migrate(query, { expect: { value: 'something else' } });
      note(`binding that looks: ${what}`, answer, 500);
      expect(answer).toMatchObject({ status: 500, body: { errors: [{ code: 'RESULT_TOO_LARGE', limit }] } });
      expect(await rowsOf(customers.database, 'SELECT FROM filled')).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'passes by unread in a migration that does not',
    async () => {
      const answer = await migrate(query, { outputs: { changed: 'row_count' } });
      note(`binding that does not look: ${what}`, answer, 200);
      expect(answer).toMatchObject({ status: 200 });
      const { rowCount } = { rowCount: query === RETURNING ? 200_000 : 0 };
      expect(await rowsOf(customers.database, 'SELECT FROM filled')).toHaveLength(rowCount);
      await rowsOf(customers.database, 'TRUNCATE filled');
    },
    TIMEOUT_MS,
  );
});

describe('many answers at once', () => {
  it(
    'are refused as a crowd before they fill the process',
    async () => {
      const id = await template(`SELECT repeat('x', 8000000) AS one, pg_sleep(0.5)::text`);
      const asked = Array.from({ length: 40 }, () => world.client.post(`/templates/${id}`));
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      report({
        suite: 'large answers',
        name: 'crowd: 40 answers of 8 MB',
        outcome: [...new Set(statuses)].join(),
        gotThrough: statuses.some((status) => status !== 200 && status !== 503),
      });
      expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0);
      expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
    },
    TIMEOUT_MS,
  );
});
