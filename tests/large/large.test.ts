import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, eventually, startCluster, testServers, type ApiClient, type Cluster } from '@eden/testkit';
import type { TestDatabase } from '@eden/testkit';
import { rowsOf } from '../customers/customer-world.js';
import { measured, peakMib } from './measured.js';

/** Of whatever answer: the expectations say what it has to be. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- Bodies are looked into key by key.
type Body = any;

interface File {
  readonly path: string;
  readonly bytes: string | Uint8Array;
}

const MIB = 1024 * 1024;
/** A process that holds more has held something several times. */
const MOST_MIB = 900;
const TIMEOUT_MS = 900_000;

let cluster: Cluster;
let client: ApiClient;
let databases = 0;

beforeAll(async () => {
  cluster = await startCluster();
  ({ client } = await cluster.createOrganization());
});

afterEach(() => {
  for (const { process: member } of [...cluster.gateways, ...cluster.workers]) {
    expect({ name: member.name, running: member.running }).toEqual({ name: member.name, running: true });
    expect(peakMib(member.pid)).toBeLessThan(MOST_MIB);
  }
});

/** A new database, and the endpoint of its name that leads to it. */
async function newEndpoint(): Promise<{ readonly id: string; readonly database: TestDatabase }> {
  const database = await createDatabase(testServers().targets[(databases += 1) % 2 === 0 ? 0 : 1]);
  const id = `large-${databases}`;
  await accept(client.post('/endpoints', { id, kind: 'Postgres', config: { url: database.url } }));
  return { id, database };
}

async function accept(answer: Promise<{ status: number; body: Body }>): Promise<Body> {
  const { status, body } = await answer;
  if (status !== 200 && status !== 202) throw new Error(`${status} ${JSON.stringify(body).slice(0, 2000)}`);
  return body.data;
}

function formOf(part: string, body: unknown, files: readonly File[], field: string): FormData {
  const form = new FormData();
  form.set(part, JSON.stringify(body));
  for (const { path, bytes } of files) form.append(field, new Blob([bytes as string]), path);
  return form;
}

/** The migration's run of this kind, to its end. */
async function run(migration: string, kind: 'sync' | 'migrate' | 'rollback'): Promise<Body> {
  await accept(client.post(`/migrations/${migration}/${kind}`, {}, { prefer: 'respond-async' }));
  return eventually(
    async () => {
      const { run: latest } = await accept(client.get<Body>(`/migrations/${migration}`));
      expect(latest).toMatchObject({ kind, state: expect.stringMatching(/succeeded|failed/) });
      return latest;
    },
    { timeoutMs: TIMEOUT_MS, intervalMs: 200 },
  );
}

/** Files of dbmate, each of which makes a table and takes it back. */
function folderOf(count: number): readonly File[] {
  return Array.from({ length: count }, (_, at) => ({
    path: `${20260101000000 + at}_step_${at}.sql`,
    bytes: `-- migrate:up\nCREATE TABLE step_${at} (id bigint);\n-- migrate:down\nDROP TABLE step_${at};\n`,
  }));
}

async function put(migration: string, endpoint: string, files: readonly File[], tool = 'dbmate') {
  const form = formOf('source', { endpoint, tool }, files, 'files');
  return client.put<Body>(`/migrations/${migration}/sources/${endpoint}`, form);
}

describe('a folder of 2 000 files', () => {
  it(
    'is put, planned, applied and taken back, and lists stay small',
    async () => {
      const { id, database } = await newEndpoint();
      await accept(client.post('/migrations', { id: 'files' }));
      const files = folderOf(2_000);
      await measured(cluster, '2 000 files: put', () => accept(put('files', id, files)));
      const again = await measured(cluster, '2 000 files: plan of nothing stored', () =>
        accept(client.post('/plans', formOf('plan', { sources: [{ endpoint: id }] }, files, `files[${id}]`))),
      );
      expect(again.apis[0].bindings).toHaveLength(2_000);
      expect(await measured(cluster, '2 000 files: sync', () => run('files', 'sync'))).toMatchObject({
        state: 'succeeded',
      });
      const migrated = await measured(cluster, '2 000 files: migrate', () => run('files', 'migrate'));
      expect(migrated).toMatchObject({ state: 'succeeded' });
      expect(await rowsOf(database, 'SELECT count(*)::int AS n FROM schema_migrations')).toEqual([{ n: 2_000 }]);
      for (const list of ['/migrations', '/runs', '/migrations/files/runs']) {
        const { body } = await client.get<Body>(list);
        expect(JSON.stringify(body).length).toBeLessThan(10_000);
      }
      const whole = await measured(cluster, '2 000 files: the run', () => accept(client.get(`/runs/${migrated.uuid}`)));
      expect(whole.apis[0].bindings).toHaveLength(2_000);
      expect(await measured(cluster, '2 000 files: rollback', () => run('files', 'rollback'))).toMatchObject({
        state: 'succeeded',
      });
      expect(await rowsOf(database, 'SELECT count(*)::int AS n FROM schema_migrations')).toEqual([{ n: 0 }]);
    },
    TIMEOUT_MS,
  );
});

describe('a folder of 10 000 files', () => {
  it(
    'is refused where more are pending than a migration takes, with what to do',
    async () => {
      const { id } = await newEndpoint();
      await accept(client.post('/migrations', { id: 'crowd' }));
      await measured(cluster, '10 000 files: put', () => accept(put('crowd', id, folderOf(10_000))));
      const failed = await measured(cluster, '10 000 files: sync', () => run('crowd', 'sync'));
      expect(failed).toMatchObject({ state: 'failed', error: { code: 'SOURCE_REFUSED' } });
      expect(JSON.stringify(failed.error)).toContain('10000 files are pending, and a migration takes 5000');
    },
    TIMEOUT_MS,
  );

  it(
    'that is hostile in each of them is refused with the first hundred reasons',
    async () => {
      const { id } = await newEndpoint();
      const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('DROP TABLE a;', 'utf16le')]);
      const kinds: readonly ((at: number) => File)[] = [
        (at) => ({ path: `../${at}_up.sql`, bytes: '-- migrate:up\nSELECT 1;\n' }),
        (at) => ({ path: `${20260101000000 + at}_binary.sql`, bytes: Buffer.from([0, 1, 2, 255, at % 256]) }),
        (at) => ({ path: `${20260101000000 + at}_utf16.sql`, bytes: utf16 }),
        (at) => ({ path: `${at % 7}_twice_${at}.sql`, bytes: '-- migrate:up\nSELECT 1;\n' }),
        (at) => ({ path: `${20260101000000 + at}_words.sql`, bytes: '-- migrate:up\nSELECT 1;\nROLLBACK;\n' }),
      ];
      const folder = (of: typeof kinds): readonly File[] =>
        Array.from({ length: 10_000 }, (_, at) => of[at % of.length]?.(at) ?? { path: '', bytes: '' });
      await accept(client.post('/migrations', { id: 'hostile' }));
      // Paths that lead elsewhere are told before anything of the files is.
      for (const [what, of, count] of [
        ['paths', kinds, 2_000],
        ['contents', kinds.slice(1), 5_000],
      ] as const) {
        const refused = await measured(cluster, `10 000 files, hostile ${what}: put`, () =>
          put('hostile', id, folder(of)),
        );
        expect(refused).toMatchObject({ status: 422, body: { code: 'SOURCE_REFUSED' } });
        expect(refused.body.problem_count).toBeGreaterThanOrEqual(count);
        expect(refused.body.problems).toHaveLength(100);
      }
    },
    TIMEOUT_MS,
  );
});

describe('an API of 5 000 bindings', () => {
  it(
    'is planned, run and shown',
    async () => {
      const { id, database } = await newEndpoint();
      await rowsOf(database, 'CREATE TABLE counted (n bigint)');
      const template = { endpoint: id, kind: 'Write', template: { query: 'INSERT INTO counted VALUES ({{n}})' } };
      await accept(client.post('/templates', { id: 'count', template }));
      await accept(client.post('/apis', { id: 'many', bindings: [] }));
      await accept(client.post('/migrations', { id: 'bindings' }));
      const bindings = Array.from({ length: 5_000 }, (_, n) => ({ template: 'count', fields: { n } }));
      await measured(cluster, '5 000 bindings: add_api', () =>
        accept(client.post('/migrations/bindings/add_api', { id: 'many', bindings })),
      );
      expect(await measured(cluster, '5 000 bindings: sync', () => run('bindings', 'sync'))).toMatchObject({
        state: 'succeeded',
      });
      const migrated = await measured(cluster, '5 000 bindings: migrate', () => run('bindings', 'migrate'));
      expect(migrated).toMatchObject({ state: 'succeeded' });
      expect(await rowsOf(database, 'SELECT count(*)::int AS n, sum(n)::int AS sum FROM counted')).toEqual([
        { n: 5_000, sum: (5_000 * 4_999) / 2 },
      ]);
      const whole = await measured(cluster, '5 000 bindings: the run', () =>
        accept(client.get(`/runs/${migrated.uuid}`)),
      );
      expect(whole.apis[0].bindings).toHaveLength(5_000);
    },
    TIMEOUT_MS,
  );
});

/** Rows that make a text of this size. */
function textOf(mib: number): string {
  const line = `INSERT INTO big VALUES (${'1'.repeat(15)}, '${'x'.repeat(1000)}');\n`;
  return `CREATE TABLE big (id bigint, word text);\n${line.repeat(Math.floor((mib * MIB - 100) / line.length))}`;
}

describe('a text of 64 MiB', () => {
  const text = textOf(63.9);
  const rows = text.split('\n').length - 2;

  it(
    'is a template, which is planned and runs',
    async () => {
      const { id, database } = await newEndpoint();
      const template = { endpoint: id, kind: 'Write', template: { syntax: 'sql' } };
      const form = formOf('template', { id: 'big', template }, [{ path: 'big.sql', bytes: text }], 'query');
      await measured(cluster, 'template of 64 MiB: create', () => accept(client.post('/templates', form)));
      await accept(client.post('/apis', { id: 'big', bindings: [] }));
      await accept(client.post('/migrations', { id: 'big' }));
      await accept(client.post('/migrations/big/add_api', { id: 'big', bindings: [{ template: 'big' }] }));
      expect(await measured(cluster, 'template of 64 MiB: sync', () => run('big', 'sync'))).toMatchObject({
        state: 'succeeded',
      });
      expect(await measured(cluster, 'template of 64 MiB: migrate', () => run('big', 'migrate'))).toMatchObject({
        state: 'succeeded',
      });
      expect(await rowsOf(database, 'SELECT count(*)::int AS n FROM big')).toEqual([{ n: rows }]);
      const shown = await measured(cluster, 'template of 64 MiB: get', () => accept(client.get('/templates/big')));
      expect(shown.template.template.query).toHaveLength(text.length);
    },
    TIMEOUT_MS,
  );

  it(
    'is a file of a source, which is planned and runs',
    async () => {
      const { id, database } = await newEndpoint();
      await accept(client.post('/migrations', { id: 'heavy' }));
      const files = [{ path: '20260101000000_big.sql', bytes: `-- migrate:up\n${text}` }];
      await measured(cluster, 'file of 64 MiB: put', () => accept(put('heavy', id, files)));
      expect(await measured(cluster, 'file of 64 MiB: sync', () => run('heavy', 'sync'))).toMatchObject({
        state: 'succeeded',
      });
      expect(await measured(cluster, 'file of 64 MiB: migrate', () => run('heavy', 'migrate'))).toMatchObject({
        state: 'succeeded',
      });
      expect(await rowsOf(database, 'SELECT count(*)::int AS n FROM big')).toEqual([{ n: rows }]);
    },
    TIMEOUT_MS,
  );
});
