import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  addApiToMigration,
  createApi,
  createMigration,
  createTemplate,
  executeApi,
  removeApiFromMigration,
  type BindingInput,
  type CoordinatorDeps,
} from '@eden/coordinator';
import type {
  Api,
  ApiField,
  HeldLock,
  JsonValue,
  LockPort,
  Template,
  TemplateKind,
  TemplateSettings,
} from '@eden/domain';
import { createRedisLocks } from '@eden/locking';
import { eventually } from '@eden/testkit';
import { Pauses } from '../customers/pause.js';
import { createWorld, type World } from './world.js';

/** A third of it passes until a loss is noticed. */
const SHORT_LEASE_MS = 2_000;

let world: World;
let made = 0;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(() => world.close());

beforeEach(async () => {
  for (const database of [0, 1] as const) {
    await world.query(database, 'DROP TABLE IF EXISTS notes; CREATE TABLE notes (id int PRIMARY KEY, text text)');
  }
});

interface TemplateOptions {
  readonly database?: 0 | 1;
  readonly kind?: TemplateKind;
  readonly settings?: TemplateSettings;
}

function template(
  query: string,
  { database = 0, kind = 'Write', settings = {} }: TemplateOptions = {},
): Promise<Template> {
  const endpoint = world.endpoints[database].id;
  const id = `template-${(made += 1)}`;
  return createTemplate(world.deps, world.admin, { id, description: null, endpoint, kind, body: { query }, settings });
}

function api(bindings: readonly BindingInput[], fields: readonly ApiField[] = []): Promise<Api> {
  return createApi(world.deps, world.admin, { id: `api-${(made += 1)}`, description: null, fields, bindings });
}

const insertInto = (database: 0 | 1, settings: TemplateSettings = {}) =>
  template('INSERT INTO notes VALUES ({{id}}, {{text}}) RETURNING id', { database, settings });
const bind = ({ uuid }: Template, fields: Record<string, JsonValue> = {}): BindingInput => ({ template: uuid, fields });
const notes = (database: 0 | 1) => world.query(database, 'SELECT id, text FROM notes ORDER BY id');

describe('executing an API', () => {
  it('runs its bindings in order on every endpoint and answers by template', async () => {
    const [first, second] = [await insertInto(0), await insertInto(1)];
    const read = await template('SELECT id, text FROM notes ORDER BY id', { kind: 'Read' });
    const fields = { id: 'note.id', text: 'note.text' };
    const { id } = await api([bind(first, fields), bind(second, fields), bind(read), bind(read)]);
    const data = await executeApi(world.deps, world.as('Write'), id, { note: { id: 1, text: "it's" } });
    const rows = [{ id: 1, text: "it's" }];
    expect(data).toEqual({
      [first.uuid]: {
        template_executed: first.id,
        fields_received: { id: 1, text: "it's" },
        status: 'success',
        rows: [{ id: 1 }],
        row_count: 1,
      },
      [second.uuid]: expect.objectContaining({ template_executed: second.id, row_count: 1 }),
      [read.uuid]: expect.objectContaining({ rows, fields_received: {} }),
      [`${read.uuid}#2`]: expect.objectContaining({ rows }),
    });
    expect([await notes(0), await notes(1)]).toEqual([rows, rows]);
  });

  it('runs a template once per element of an array', async () => {
    const insert = await insertInto(0);
    const { id } = await api([bind(insert, { id: 'items.id', text: 'label' })]);
    const input = { label: 'same', items: [{ id: 1 }, { id: 2 }] };
    expect(await executeApi(world.deps, world.admin, id, input)).toEqual({
      [insert.uuid]: {
        array_results: [expect.objectContaining({ rows: [{ id: 1 }] }), expect.objectContaining({ rows: [{ id: 2 }] })],
        items_processed: 2,
      },
    });
    expect(await executeApi(world.deps, world.admin, id, { items: [] })).toEqual({
      [insert.uuid]: { array_results: [], items_processed: 0 },
    });
  });

  it('answers nothing for an API that only migrates', async () => {
    const { id } = await api([]);
    expect(await executeApi(world.deps, world.as('Read'), id, { any: 'input' })).toEqual({});
  });

  it('changes nothing on any endpoint when one binding fails', async () => {
    const [first, second] = [await insertInto(0), await insertInto(1)];
    await world.query(1, "INSERT INTO notes VALUES (1, 'there')");
    const fields = { id: 'id', text: { literal: 'new' } };
    const { id } = await api([bind(first, fields), bind(second, fields)]);
    await expect(executeApi(world.deps, world.admin, id, { id: 1 })).rejects.toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: { template: second.id, sqlstate: '23505' },
    });
    expect(await notes(0)).toEqual([]);
  });

  it('changes nothing when an expectation is not met', async () => {
    const insert = await insertInto(0, { expect: { value: 2 } });
    const { id } = await api([bind(insert, { id: { literal: 1 }, text: { literal: 'x' } })]);
    await expect(executeApi(world.deps, world.admin, id, {})).rejects.toMatchObject({
      code: 'EXPECTATION_FAILED',
      context: { template: insert.id, expected: 2, actual: 1 },
    });
    expect(await notes(0)).toEqual([]);
  });

  it('checks input and parameters before it touches a target', async () => {
    const insert = await insertInto(0);
    const fields = [{ name: 'customer.id', type: 'Number', required: true }] as const;
    const { id } = await api([bind(insert, { id: 'customer.id' })], fields);
    await expect(executeApi(world.deps, world.admin, id, {})).rejects.toMatchObject({
      message: 'Missing required field: customer.id',
    });
    await expect(executeApi(world.deps, world.admin, id, { customer: { id: 1 } })).rejects.toMatchObject({
      code: 'REQUIRED_PARAMETER_MISSING',
      context: { parameter: 'text', template: insert.id },
    });
  });

  it('needs the highest level of its templates, and the target refuses a Read template that writes', async () => {
    const insert = await insertInto(0);
    const fields = { id: { literal: 1 }, text: { literal: 'x' } };
    const writing = await api([bind(insert, fields)]);
    await expect(executeApi(world.deps, world.as('Read'), writing.id, {})).rejects.toMatchObject({
      code: 'INSUFFICIENT_PERMISSIONS',
      context: { required_level: 'Write', user_level: 'Read' },
    });
    const lying = await api([bind(await template("INSERT INTO notes VALUES (2, 'y')", { kind: 'Read' }))]);
    await expect(executeApi(world.deps, world.as('Read'), lying.id, {})).rejects.toMatchObject({
      context: { sqlstate: '25006' },
    });
  });
});

describe('an execution and the lock', () => {
  const readOne = () => template('SELECT 1 AS one', { kind: 'Read' });

  it('waits for a writer, and names the migration when it waited too long', async () => {
    const target = await api([bind(await readOne())]);
    const migration = await createMigration(world.deps, world.admin, {
      id: `migration-${target.id}`,
      description: null,
      parameters: {},
      options: {},
    });
    await addApiToMigration(world.deps, world.admin, migration.id, {
      api: target.id,
      bindings: [],
      stage: 0,
      next: null,
    });
    const resources = [{ kind: 'api', uuid: target.uuid }] as const;
    const writer = await world.deps.locks.write(resources, { owner: { purpose: 'test' }, timeoutMs: 1_000 });
    await expect(executeApi(world.within(100), world.admin, target.id, {})).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
      context: { migration_id: migration.id, suggestion: 'Another migration may be in progress' },
    });
    const waiting = executeApi(world.deps, world.admin, target.id, {});
    await eventually(async () => {
      expect((await world.deps.locks.inspect(resources[0])).waiting).toHaveLength(1);
    });
    await writer.release();
    await expect(waiting).resolves.toBeDefined();
  });

  it('keeps its API from joining a migration while it runs', async () => {
    const target = await api([bind(await readOne())]);
    const migration = await createMigration(world.deps, world.admin, {
      id: `migration-${target.id}`,
      description: null,
      parameters: {},
      options: { lock_timeout_ms: 100 },
    });
    const resources = [{ kind: 'api', uuid: target.uuid }] as const;
    const reader = await world.deps.locks.read(resources, { owner: { purpose: 'execution' }, timeoutMs: 1_000 });
    const command = { api: target.id, bindings: [], stage: 0, next: null };
    await expect(addApiToMigration(world.deps, world.admin, migration.id, command)).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
      context: { migration_id: migration.id },
    });
    await reader.release();
    await addApiToMigration(world.deps, world.admin, migration.id, command);
    await expect(addApiToMigration(world.deps, world.admin, migration.id, command)).rejects.toMatchObject({
      code: 'API_HAS_MIGRATION',
    });
    await removeApiFromMigration(world.deps, world.admin, migration.id, target.id);
    await expect(removeApiFromMigration(world.deps, world.admin, migration.id, target.id)).rejects.toMatchObject({
      code: 'API_NOT_IN_MIGRATION',
    });
  });

  it('starts again, once only in effect, when it lost its lock before it committed', async () => {
    // A sequence counts the attempts, also those that were rolled back.
    await world.query(0, 'CREATE SEQUENCE attempts');
    const pauses = await Pauses.install(world.databases[0]);
    await pauses.begin('insert');
    const insert = await template("SELECT pause('insert'); INSERT INTO notes SELECT nextval('attempts'), 'x'");
    const target = await api([bind(insert)]);
    const held: HeldLock[] = [];
    const locks = createRedisLocks({ urls: [world.lockMaster.url], ttlMs: SHORT_LEASE_MS, process: 'loser' });
    const running = executeApi(observing(locks, held), world.admin, target.id, {});
    await pauses.isReached();
    await world.lockMaster.restartEmpty();
    await eventually(() => expect(held.at(-1)?.signal.aborted).toBe(true));
    await pauses.end('insert');
    await running;
    await locks.close();
    // On a busy machine the second attempt may lose its short lease as well.
    expect(await notes(0)).toEqual([{ id: expect.any(Number), text: 'x' }]);
    expect(Number((await notes(0))[0]?.['id'])).toBeGreaterThan(1);
  });
});

/** Adds every read lock that is granted to the list. */
function observing(locks: LockPort, held: HeldLock[]): CoordinatorDeps {
  const read: LockPort['read'] = async (...request) => {
    const lock = await locks.read(...request);
    held.push(lock);
    return lock;
  };
  return { ...world.deps, locks: Object.create(locks, { read: { value: read } }) };
}
