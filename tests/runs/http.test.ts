import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  addApiToMigration,
  createApi,
  createEndpoint,
  createMigration,
  createTemplate,
  executeApi,
  executeTemplate,
  resolveRun,
  testEndpoint,
} from '@eden/coordinator';
import type { CrashPoint, HttpOperation, OutsideStep, Plan, Run, TemplateSettings, Uuid } from '@eden/domain';
import { isFinished } from '@eden/domain';
import { consumeRun, recoverRuns } from '@eden/engine';
import { send, startHttpService, type HttpServiceUnderTest, type Interference } from '@eden/testkit';
import type { Step, WorldDeps } from './run-world.js';
import { NEVER, RunWorld } from './run-world.js';

const SECRET = 's3cr3t-t0ken';

/** A request in place of a statement. */
interface RequestStep extends Pick<TemplateSettings, 'outputs' | 'expect'> {
  readonly make: number;
  /** What makes the item goes with its rollback. */
  readonly isFinal?: true;
}

let world: RunWorld;
let service: HttpServiceUnderTest;
let count = 0;

beforeAll(async () => {
  service = await startHttpService();
  world = await RunWorld.create({ LOCK_TTL_MS: '3000', HTTP_ALLOWED_HOSTS: '127.0.0.1' });
  const config = { base_url: service.url, headers: { Authorization: `Bearer ${SECRET}` }, timeout_ms: 2000 };
  await createEndpoint(world.deps, world.subject, { id: 'shop', kind: 'Http', description: null, config });
  await world.query(0, 'CREATE TABLE noted (id int)');
});

beforeEach(() => service.reset());

afterAll(() => world.close());

const NOTE: Step = { database: 0, query: 'INSERT INTO noted VALUES ({{id}})', fields: { id: 'migration.made' } };
const FAIL: Step = { database: 0, query: 'SELECT 1 / 0' };
const TOUCH: Step = { database: 0, query: 'SELECT 1', rollback: 'SELECT 1' };

async function addTemplate(id: string, body: HttpOperation, settings: TemplateSettings = {}): Promise<void> {
  const kind = body.method === 'GET' ? 'Read' : 'Write';
  await createTemplate(world.deps, world.subject, { id, description: null, endpoint: 'shop', kind, body, settings });
}

/** A migration of one API whose bindings are these, in their order. Answers its id; the sync is not asked for yet. */
async function arrange(steps: readonly (Step | RequestStep)[], atomicity: 'best' | 'strict' = 'best'): Promise<string> {
  const id = `http-${(count += 1)}`;
  const options = { atomicity };
  await createMigration(world.deps, world.subject, { id, description: null, parameters: {}, options });
  const bindings = [];
  for (const [index, step] of steps.entries()) {
    const template = `${id}-${index}`;
    if ('make' in step) {
      const { make, isFinal, ...settings } = step;
      const rollback: HttpOperation = { method: 'DELETE', path: '/items/{{id}}' };
      const undo = isFinal === true ? {} : { rollback };
      await addTemplate(template, { method: 'POST', path: '/items', body: { id: '{{id}}' } }, { ...settings, ...undo });
      bindings.push({ template, fields: { id: make } });
    } else {
      const of = { id: template, description: null, endpoint: `db-${step.database}`, kind: 'Write' } as const;
      const settings = step.rollback === undefined ? {} : { rollback: { query: step.rollback } };
      await createTemplate(world.deps, world.subject, { ...of, body: { query: step.query }, settings });
      bindings.push({ template, fields: { ...step.fields } });
    }
  }
  await createApi(world.deps, world.subject, { id, description: null, fields: [], bindings: [] });
  await addApiToMigration(world.deps, world.subject, id, { api: id, bindings, stage: 0, next: null });
  return id;
}

async function sync(id: string): Promise<Run> {
  return finish(await world.request(id, 'sync'));
}

/** As workers do until the run has ended or waits for a person. */
async function finish(uuid: Uuid, deps: WorldDeps = world.worker()): Promise<Run> {
  for (;;) {
    const run = await world.run(uuid);
    if (isFinished(run.state) || run.state === 'in_doubt') return run;
    await consumeRun(deps, uuid, NEVER);
    await recoverRuns(deps, NEVER);
  }
}

async function migrate(steps: readonly (Step | RequestStep)[]): Promise<{ readonly id: string; readonly run: Run }> {
  const id = await arrange(steps);
  expect(await sync(id)).toMatchObject({ state: 'succeeded', error: null });
  return { id, run: await finish(await world.request(id)) };
}

function steps(uuid: Uuid): Promise<readonly OutsideStep[]> {
  return world.deps.store.organization(world.subject.organizationUuid).outsideSteps(uuid);
}

async function planOf(id: string): Promise<Plan | null> {
  const reader = world.deps.store.organization(world.subject.organizationUuid);
  return reader.plan((await reader.migration(id)).uuid);
}

async function noted(): Promise<readonly unknown[]> {
  const rows = await world.query(0, 'DELETE FROM noted RETURNING id');
  return rows.map(({ id }) => id);
}

const sent = () => service.requests.map(({ method, path }) => `${method} ${path}`);

const answering =
  (status: number): Interference =>
  (_request, response) =>
    send(response, { status, body: { error: `no, ${SECRET}` } });

/** What the service does nobody hears of. */
const losing: Interference = (_request, response, go) => {
  go();
  response.destroy();
};

describe('a request in a migration', () => {
  it('is refused by strict, in words that say what would be done', async () => {
    const id = await arrange([{ make: 1 }, TOUCH, { make: 2, isFinal: true }], 'strict');
    const { state, error } = await sync(id);
    expect({ state, code: error?.code }).toEqual({ state: 'failed', code: 'ATOMICITY_REFUSED' });
    expect(error?.context['reasons']).toEqual([
      expect.stringMatching(
        /is compensable: .* With "atomicity": "best" it runs before the atomic part, and when the run fails, DELETE \/items\/\{\{id\}\} takes it back/,
      ),
      expect.stringMatching(/is irreversible: .* it runs after the commit, .* nothing takes it back/),
    ]);
    expect(service.requests).toEqual([]);
  });

  it('gives its answer to what comes behind it, and is done under the key of its run', async () => {
    const { id, run } = await migrate([{ make: 7, outputs: { made: 'body.id', how: 'status' } }, NOTE]);
    expect(run).toMatchObject({ state: 'succeeded', error: null });
    expect(await noted()).toEqual([7]);
    expect(service.items()).toEqual([7]);
    const [step] = await steps(run.uuid);
    expect(step).toMatchObject({ class: 'compensable', state: 'done', outputs: { made: 7, how: 201 } });
    const key = `${run.uuid}.${String(step?.api)}.0`;
    expect(service.requests).toMatchObject([
      { method: 'POST', headers: { 'idempotency-key': key, authorization: `Bearer ${SECRET}` }, body: '{"id":7}' },
    ]);
    expect((await planOf(id))?.atomicity).toBe('compensated');
    expect((await planOf(id))?.databases).toHaveLength(1);
  });

  it('is taken back by the rollback of its migration', async () => {
    const { id } = await migrate([{ make: 8 }, TOUCH]);
    const { state, error } = await finish(await world.request(id, 'rollback'));
    expect({ state, error }).toEqual({ state: 'succeeded', error: null });
    expect(service.items()).toEqual([]);
    expect(sent()).toEqual(['POST /items', 'DELETE /items/8']);
  });

  it('is all that a migration does', async () => {
    const { run } = await migrate([{ make: 1 }, { make: 2 }]);
    expect(run.state).toBe('succeeded');
    expect(service.items()).toEqual([1, 2]);
  });

  it('is taken back when the run fails, the last one first', async () => {
    const { run } = await migrate([{ make: 1 }, { make: 2 }, FAIL]);
    expect(run).toMatchObject({ state: 'failed', error: { code: 'MIGRATION_EXECUTION_FAILED' } });
    expect((await steps(run.uuid)).map(({ state }) => state)).toEqual(['undone', 'undone']);
    expect(sent()).toEqual(['POST /items', 'POST /items', 'DELETE /items/2', 'DELETE /items/1']);
    expect(new Set(service.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(4);
  });

  it('without a rollback stays, and is named', async () => {
    const { id, run } = await migrate([{ make: 1, isFinal: true }, FAIL]);
    expect((await steps(run.uuid)).map(({ state }) => state)).toEqual(['left']);
    expect(service.items()).toEqual([1]);
    expect((await planOf(id))?.atomicity).toBe('best effort');
  });

  it('that the service refuses has done nothing: nothing is taken back', async () => {
    service.interfere(answering(422));
    const { run } = await migrate([{ make: 1 }, TOUCH]);
    expect(run).toMatchObject({
      state: 'failed',
      error: { context: { errors: [{ status: 422, message: 'the service answered 422' }] } },
    });
    expect(await steps(run.uuid)).toMatchObject([{ state: 'failed', mayBeDone: false }]);
    expect(sent()).toEqual(['POST /items']);
  });

  it('that is refused in words whose end falls into a character is sent once, and the run says why', async () => {
    service.interfere((_request, response) => send(response, { status: 400, body: `${'a'.repeat(498)}😀` }));
    const { run } = await migrate([{ make: 1 }, TOUCH]);
    const answer = expect.stringMatching(/^"a{498}…$/);
    expect(run).toMatchObject({ state: 'failed', error: { context: { errors: [{ status: 400, answer }] } } });
    expect(sent()).toEqual(['POST /items']);
  });

  it('of which nobody knows is tried again under its key, and counts as done when the run fails', async () => {
    service.interfereNext(1, losing);
    const first = await migrate([{ make: 1 }, TOUCH]);
    expect(first.run.state).toBe('succeeded');
    expect(service.items()).toEqual([1]);
    service.reset();
    service.interfereNext(3, losing);
    const { run } = await migrate([{ make: 1 }, TOUCH]);
    expect(run.state).toBe('failed');
    expect(await steps(run.uuid)).toMatchObject([{ state: 'undone' }]);
    expect(service.items()).toEqual([]);
    expect(sent().at(-1)).toBe('DELETE /items/1');
  });

  it('that was refused once nobody knew any more counts as done', async () => {
    service.interfereNext(1, (request, response) => {
      service.interfereNext(1, answering(400));
      losing(request, response, () => ({ status: 0 }));
    });
    const { run } = await migrate([{ make: 1 }, TOUCH]);
    expect(await steps(run.uuid)).toMatchObject([{ state: 'undone' }]);
    expect(sent()).toEqual(['POST /items', 'POST /items', 'DELETE /items/1']);
  });

  it('whose answer is not what was expected is taken back', async () => {
    const { run } = await migrate([{ make: 1, expect: { value: 200 } }, TOUCH]);
    expect(run).toMatchObject({ state: 'failed', error: { context: { errors: [{ code: 'EXPECTATION_FAILED' }] } } });
    expect(sent()).toEqual(['POST /items', 'DELETE /items/1']);
  });

  it('behind the commit that keeps failing waits for a person, who has it tried again', async () => {
    service.interfere(answering(500));
    const { id, run } = await migrate([TOUCH, { make: 1, isFinal: true }]);
    expect(run).toMatchObject({ state: 'in_doubt', error: { code: 'STEP_AFTER_COMMIT_FAILED' } });
    expect(JSON.stringify([run, await steps(run.uuid)])).not.toContain(SECRET);
    service.interfere(null);
    await resolveRun(world.deps, world.subject, id, { decision: 'retry', reason: 'mended' });
    expect((await finish(run.uuid)).state).toBe('succeeded');
    expect(service.items()).toEqual([1]);
  });

  it('that cannot be taken back waits for a person, with the reason', async () => {
    const id = await arrange([{ make: 1 }, FAIL]);
    await sync(id);
    service.interfereNext(1, (request, response, go) => {
      send(response, go());
      service.interfere(answering(500));
    });
    const run = await finish(await world.request(id));
    expect(run).toMatchObject({ state: 'in_doubt', error: { code: 'STEP_COMPENSATION_FAILED' } });
    service.interfere(null);
    await resolveRun(world.deps, world.subject, id, { decision: 'retry', reason: 'mended' });
    expect((await finish(run.uuid)).state).toBe('failed');
    expect(service.items()).toEqual([]);
  });
});

describe('a worker that dies', () => {
  const POINTS: readonly CrashPoint[] = ['before-step', 'after-step'];

  it.each(POINTS)('at %s has it done once', async (point) => {
    const id = await arrange([{ make: 3, outputs: { made: 'body.id' } }, NOTE]);
    await sync(id);
    const uuid = await world.request(id);
    await consumeRun(world.dying(point), uuid, NEVER);
    const run = await finish(uuid);
    expect(run.state).toBe('succeeded');
    expect(service.items()).toEqual([3]);
    expect(await noted()).toEqual([3]);
    expect(new Set(service.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it.each([...POINTS, 'before-compensation', 'after-compensation'] as const)(
    'at %s of a run that fails has it undone',
    async (point) => {
      const id = await arrange([{ make: 4 }, FAIL]);
      await sync(id);
      const uuid = await world.request(id);
      const dying = world.dying(point);
      await consumeRun(dying, uuid, NEVER);
      await consumeRun(dying, uuid, NEVER).catch(() => undefined);
      const run = await finish(uuid);
      expect(run.state).toBe('failed');
      expect(await steps(uuid)).toMatchObject([{ state: 'undone' }]);
      expect(service.items()).toEqual([]);
    },
  );
});

describe('a request outside of migrations', () => {
  it('is a template that is executed, and an endpoint that is tested', async () => {
    await addTemplate('list', { method: 'GET', path: '/items' });
    await addTemplate('make', { method: 'POST', path: '/items', body: '{"id":{{id}}}' });
    expect(await executeTemplate(world.deps, world.subject, 'make', { id: 5 })).toMatchObject({
      rows: [{ status: 201, body: { id: 5, made: true } }],
      rowCount: 1,
    });
    const { rows } = await executeTemplate(world.deps, world.subject, 'list', {});
    expect(rows).toEqual([{ status: 200, body: [{ id: 5 }] }]);
    expect(await testEndpoint(world.deps, world.subject, 'shop')).toMatchObject({
      connected: true,
      atomicity: 'compensated',
      preparing: { possible: false },
    });
  });

  it('stands beside statements in an API', async () => {
    await addTemplate('make_mixed', { method: 'POST', path: '/items', body: { id: '{{id}}' } });
    const note = { id: 'note_mixed', description: null, endpoint: 'db-0', kind: 'Write' } as const;
    const body = { query: 'INSERT INTO noted VALUES ({{id}})' };
    await createTemplate(world.deps, world.subject, { ...note, body, settings: {} });
    const bindings = ['make_mixed', 'note_mixed'].map((template) => ({ template, fields: { id: 'item.id' } }));
    const fields = [{ name: 'item', type: 'Object', required: true }] as const;
    await createApi(world.deps, world.subject, { id: 'mixed', description: null, fields: [...fields], bindings });
    const answer = await executeApi(world.deps, world.subject, 'mixed', { item: { id: 6 } });
    expect(Object.values(answer)).toMatchObject([{ rows: [{ status: 201 }] }, { row_count: 1 }]);
    expect(service.items()).toEqual([6]);
    expect(await noted()).toEqual([6]);
  });
});
