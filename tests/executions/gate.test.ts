import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { addApiToMigration, createApi, createMigration, createTemplate, executeApi } from '@eden/coordinator';
import type { Api, JsonObject, Migration, ParticipantSession } from '@eden/domain';
import { asUuid } from '@eden/domain';
import { eventually } from '@eden/testkit';
import { createWorld, type World } from './world.js';

/*
 * Executions of an API that is in a migration, while the lock masters are away: what keeps them apart from the
 * migration are the gates in the two databases (protocol I6).
 */

const INSTALLATION = 'test';
const runUuid = asUuid(randomUUID());

let world: World;
let api: Api;
let migration: Migration;
let participants: readonly ParticipantSession[] = [];

beforeAll(async () => {
  world = await createWorld();
  for (const database of [0, 1] as const) {
    await world.query(database, 'CREATE TABLE counter (value int); INSERT INTO counter VALUES (1)');
  }
  const bindings = [];
  for (const [index, endpoint] of world.endpoints.entries()) {
    const template = await createTemplate(world.deps, world.admin, {
      id: `read-${index}`,
      description: null,
      endpoint: endpoint.id,
      kind: 'Read',
      body: { query: 'SELECT value, {{version}} AS version FROM counter' },
      settings: {},
    });
    bindings.push({ template: template.id, fields: { version: { literal: 'old' } } });
  }
  api = await createApi(world.deps, world.admin, { id: 'read-both', description: null, fields: [], bindings });
  migration = await createMigration(world.deps, world.admin, {
    id: 'm',
    description: null,
    parameters: {},
    options: {},
  });
  await addApiToMigration(world.deps, world.admin, 'm', { api: api.id, bindings: [], stage: 0, next: null });
  for (const endpoint of world.endpoints) await adapter().install(endpoint, migration.uuid);
  await world.lockMaster.kill();
});

afterEach(async () => {
  await Promise.all(participants.map((participant) => participant.close()));
});

afterAll(() => world.close());

const adapter = () => world.deps.targets.adapter('Postgres');
const organization = () => world.deps.store.organization(world.admin.organizationUuid);
const execute = (deps = world.deps) => executeApi(deps, world.admin, api.id, {});

/** Value and version as each of the two databases was read. */
async function bothRead(execution: Promise<JsonObject>): Promise<readonly unknown[]> {
  const answers = Object.values(await execution) as unknown as readonly { rows: readonly JsonObject[] }[];
  return answers.map(({ rows }) => rows[0]);
}

/** Does what a migration does in both databases, up to the point where it could still go either way. */
async function changeBoth(epoch: number): Promise<void> {
  participants = await Promise.all(
    world.endpoints.map((endpoint, number) =>
      adapter().openParticipant(endpoint, {
        installation: INSTALLATION,
        runUuid,
        migrationUuid: migration.uuid,
        epoch,
        token: '0123456789abcdef',
        number,
        gates: [{ apiUuid: api.uuid, schemaVersion: api.schemaVersion + 1 }],
        gateTimeoutMs: 5_000,
        lockTimeoutMs: 5_000,
        onBlocked: () => undefined,
        onNotice: () => undefined,
      }),
    ),
  );
  for (const participant of participants) await participant.begin();
  for (const participant of participants) {
    await participant.run({ text: 'UPDATE counter SET value = value + 1', params: [] });
    await participant.prepare();
  }
}

async function waitingAtTheGate(): Promise<void> {
  const waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND mode = 'ShareLock'";
  await eventually(async () => {
    const found = await Promise.all([world.query(0, waiting), world.query(1, waiting)]);
    expect(found.flat()).not.toEqual([]);
  });
}

async function settle(decision: 'commit' | 'roll back'): Promise<void> {
  for (const [index, endpoint] of world.endpoints.entries()) {
    const settlement = await adapter().openSettlement(endpoint);
    const { preparedId } = participants[index] as ParticipantSession;
    if (decision === 'commit') await settlement.commitPrepared(preparedId);
    else await settlement.rollbackPrepared(preparedId);
    await settlement.close();
  }
}

describe('an execution without the lock', () => {
  it('goes on when no migration runs', async () => {
    const old = { value: 1, version: 'old' };
    expect(await bothRead(execute())).toEqual([old, old]);
  });

  // Protocol: I6, I19
  it('waits for an undecided migration, no longer than its bound, and names it', async () => {
    await changeBoth(1);
    await expect(execute(world.within(1_500))).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
      context: { migration_id: 'm', suggestion: 'Another migration may be in progress' },
    });
    const waiting = execute();
    await waitingAtTheGate();
    await settle('roll back');
    const old = { value: 1, version: 'old' };
    expect(await bothRead(waiting)).toEqual([old, old]);
  });

  // Protocol: I6, I7
  it('sees both databases migrated, with the definition that the migration gave the API', async () => {
    await changeBoth(2);
    const waiting = execute();
    await waitingAtTheGate();
    const bindings = api.bindings.map((binding) => ({ ...binding, fields: { version: { literal: 'new' } } }));
    await organization().transact((tx) => tx.updateApi(api.uuid, { bindings }));
    await settle('commit');
    const changed = { value: 2, version: 'new' };
    expect(await bothRead(waiting)).toEqual([changed, changed]);
  });

  // Protocol: I6
  it('is refused for an API that no gate guards', async () => {
    const free = await createApi(world.deps, world.admin, { id: 'free', description: null, fields: [], bindings: [] });
    await expect(executeApi(world.deps, world.admin, free.id, {})).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  });
});
