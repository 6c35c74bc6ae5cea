import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { RunEventData, Uuid } from '@eden/domain';
import { RunWorld } from './run-world.js';
import type { Step } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create();
  for (const database of [0, 1] as const) {
    await world.query(
      database,
      `CREATE FUNCTION say(times int, words text, OUT said int) LANGUAGE plpgsql AS $$
       BEGIN FOR n IN 1 .. times LOOP RAISE NOTICE '% %', words, n; END LOOP; said := times; END $$;
       CREATE FUNCTION warn() RETURNS int LANGUAGE plpgsql AS $$
       BEGIN RAISE WARNING 'odd' USING DETAIL = 'a detail', HINT = 'a hint', ERRCODE = '01ABC'; RETURN 1; END $$;`,
    );
  }
});

afterAll(() => world.close());

type Kind = 'notice' | 'further_notices';

async function told<Type extends Kind>(run: Uuid, type: Type): Promise<RunEventData[Type][]> {
  const events = await world.deps.store.organization(world.subject.organizationUuid).runEvents(run, 0);
  return events.filter((event) => event.type === type).map(({ data }) => data as RunEventData[Type]);
}

async function ran(id: string, steps: readonly Step[]): Promise<Uuid> {
  await world.migration(id, steps);
  const run = await world.request(id);
  await world.finish(run);
  return run;
}

const say = (times: number, words: string): Step => ({ database: 0, query: `SELECT say(${times}, '${words}')` });

it('what a statement raises stands in the history, with its binding, also of the one that fails', async () => {
  const run = await ran('spoken', [
    say(2, 'hello'),
    { database: 1, query: 'SELECT warn()' },
    // Behind the others: what fails ends what its neighbours have not begun yet.
    { database: 0, stage: 1, query: "DO $$ BEGIN RAISE NOTICE 'about to fail'; PERFORM 1 / 0; END $$" },
  ]);
  expect((await world.run(run)).state).toBe('failed');
  const notices = await told(run, 'notice');
  const api = expect.any(String) as unknown;
  const at = (endpoint: number, n: number) => ({
    endpoint_id: `db-${endpoint}`,
    ...{ api, api_id: `spoken-${n}`, binding: 0, template: `spoken-${n}` },
  });
  expect(notices.filter(({ endpoint_id }) => endpoint_id === 'db-0')).toMatchObject([
    { ...at(0, 0), severity: 'NOTICE', sqlstate: '00000', message: 'hello 1', where: expect.stringContaining('say') },
    { ...at(0, 0), message: 'hello 2' },
    { ...at(0, 2), message: 'about to fail' },
  ]);
  expect(notices.filter(({ endpoint_id }) => endpoint_id === 'db-1')).toMatchObject([
    { ...at(1, 1), severity: 'WARNING', sqlstate: '01ABC', message: 'odd', detail: 'a detail', hint: 'a hint' },
  ]);
  expect(await told(run, 'further_notices')).toEqual([]);
});

it('a crowd of them stops nothing: of a statement and of a run a part is kept, and the rest is counted', async () => {
  const statement = await ran('crowd', [say(300_000, 'again')]);
  expect((await world.run(statement)).state).toBe('succeeded');
  expect(await told(statement, 'notice')).toHaveLength(50);
  expect(await told(statement, 'further_notices')).toMatchObject([{ endpoint_id: 'db-0', count: 299_950 }]);

  const run = await ran(
    'crowds',
    Array.from({ length: 14 }, () => say(60, 'again')),
  );
  expect((await world.run(run)).state).toBe('succeeded');
  const kept = (await told(run, 'notice')).length;
  const further = await told(run, 'further_notices');
  expect(kept).toBeLessThanOrEqual(500);
  expect(kept + further.reduce((sum, { count }) => sum + count, 0)).toBe(14 * 60);
  expect(further.at(-1)).not.toHaveProperty('endpoint_id');
});

it('long texts are cut, and those that are too long to be read are counted', async () => {
  const run = await ran('long', [
    { database: 0, query: "DO $$ BEGIN RAISE NOTICE '%', repeat('😀', 5000); END $$" },
    { database: 0, query: "DO $$ BEGIN RAISE NOTICE '%', repeat('x', 100000); END $$" },
  ]);
  const [cut, ...others] = await told(run, 'notice');
  expect(others).toEqual([]);
  expect(cut?.message).toMatch(/^(😀)+…$/u);
  expect(cut?.message.length).toBeLessThanOrEqual(1_001);
  expect(await told(run, 'further_notices')).toMatchObject([{ api_id: 'long-1', count: 1 }]);
});

it('what a deferred trigger says at the end belongs to no binding', async () => {
  await world.query(
    1,
    `CREATE TABLE checked (n int);
     CREATE FUNCTION check_late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'late'; RETURN NULL; END $$;
     CREATE CONSTRAINT TRIGGER late AFTER INSERT ON checked DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION check_late()`,
  );
  const run = await ran('deferred', [
    { database: 0, query: 'SELECT 1' },
    { database: 1, query: 'INSERT INTO checked VALUES (1)' },
  ]);
  expect((await world.run(run)).state).toBe('succeeded');
  const [notice] = await told(run, 'notice');
  expect(notice).toMatchObject({ endpoint_id: 'db-1', message: 'late' });
  expect(notice).not.toHaveProperty('api');
});
