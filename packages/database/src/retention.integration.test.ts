import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, withClient } from '@eden/testkit';
import type { ForgettableRun, RetentionRound, Run, Uuid } from '@eden/domain';
import type { ControlDatabase } from './control-database.js';
import { DELETED_AT_ONCE } from './retention.js';
import { newControl } from './testing/control.js';
import { attach, createScene, type Scene } from './testing/tenants.js';
import { carryOut, claimRun, queueRun, startRun, sync } from './testing/runs.js';

const ROUND: RetentionRound = { owner: 'pruner', keptDays: 90 };

let url: string;
let control: ControlDatabase;
let scene: Scene;

beforeAll(async () => {
  ({ url, control } = await newControl());
});

beforeEach(async () => {
  await sql(`UPDATE retention SET owner = 'pruner', claimed_until = now() + interval '1 hour', due_at = now()`);
  scene = await createScene(control);
  await attach(scene);
});

function sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return withClient(url, async (client) => (await client.query(text, values)).rows as Record<string, unknown>[]);
}

/** As if everything had happened so long ago. */
async function age(days: number): Promise<void> {
  await sql(
    `UPDATE runs SET created_at = created_at - $2 * interval '1 day', finished_at = finished_at - $2 * interval '1 day'
      WHERE migration_uuid = $1`,
    [scene.migration.uuid, days],
  );
}

async function forgettable(): Promise<readonly ForgettableRun[]> {
  const all = await control.retention.forgettable(ROUND, 1_000, null);
  return all.filter(({ organizationUuid }) => organizationUuid === scene.tenant.uuid);
}

async function runs(): Promise<readonly Run[]> {
  return (await scene.tenant.store.runs(scene.migration.uuid, { limit: 100, cursor: null })).items;
}

async function forget(runUuid: Uuid): Promise<readonly number[]> {
  const steps: number[] = [];
  for (;;) {
    const { events, gone } = await control.retention.forgetRun(ROUND, runUuid);
    if (events > 0) steps.push(events);
    if (gone || events === 0) return steps;
  }
}

describe('a run may go', () => {
  it('when it ended before the days that it is kept, and not before', async () => {
    await sync(scene);
    await age(89);
    expect(await forgettable()).toEqual([]);
    await age(2);
    const [run] = await runs();
    expect(await forgettable()).toMatchObject([
      { uuid: run?.uuid, organizationUuid: scene.tenant.uuid, databases: [] },
    ]);
  });

  it('never while it is at work, however old it is', async () => {
    const queued = await queueRun(scene, 'sync');
    await age(1_000);
    expect(await forgettable()).toEqual([]);
    await startRun(scene, queued);
    await sql(`UPDATE runs SET state = 'in_doubt', in_doubt_since = now() WHERE uuid = $1`, [queued.uuid]);
    expect(await forgettable()).toEqual([]);
    expect(await forget(queued.uuid)).toEqual([]);
    expect(await runs()).toHaveLength(1);
    expect(await scene.tenant.store.runEvents(queued.uuid, 0)).not.toEqual([]);
  });

  it('but not the last migrate of a completed migration, which its rollback reads', async () => {
    await sync(scene);
    await carryOut(scene, 'migrate');
    await age(91);
    const migrate = await scene.tenant.store.latestRun(scene.migration.uuid, 'migrate');
    expect((await forgettable()).map(({ uuid }) => uuid)).not.toContain(migrate?.uuid);
    expect(await forgettable()).toHaveLength(1);
    expect(await forget(migrate?.uuid as Uuid)).toEqual([]);

    const rollback = await claimRun(scene, await queueRun(scene, 'rollback'));
    await sql(`UPDATE migrations SET state = 'In Progress' WHERE uuid = $1`, [scene.migration.uuid]);
    expect(await forgettable()).toHaveLength(1);
    await control.journal.fail(rollback, { error: 'x', code: 'INTERNAL' } as never);
    await sql(`UPDATE migrations SET state = 'Rolled Back' WHERE uuid = $1`, [scene.migration.uuid]);
    expect((await forgettable()).map(({ uuid }) => uuid)).toContain(migrate?.uuid);
  });

  it('with the endpoints of all of its attempts', async () => {
    await sync(scene);
    await carryOut(scene, 'migrate');
    await sql(`UPDATE migrations SET state = 'Rolled Back' WHERE uuid = $1`, [scene.migration.uuid]);
    await age(91);
    const found = await forgettable();
    expect(found.map(({ databases }) => databases.map(({ endpointUuid }) => endpointUuid))).toEqual([
      [],
      [scene.endpoint.uuid],
    ]);
    expect(await control.retention.forgettable(ROUND, 1, found[0] ?? null)).toEqual([found[1]]);
  });

  it('behind any number of runs that may never go', async () => {
    const large = await newControl();
    await withClient(large.url, async (client) => {
      await client.query(`SET session_replication_role = 'replica'`);
      await client.query(`
        WITH completed AS (
          INSERT INTO migrations (uuid, organization_uuid, id, state, parameters, options, created_by)
          SELECT gen_random_uuid(), gen_random_uuid(), n, 'Completed', '{}', '{}', '' FROM generate_series(1, 100000) n
          RETURNING uuid, organization_uuid, id)
        INSERT INTO runs (uuid, organization_uuid, migration_uuid, migration_id, kind, state, epoch, actor, overrides, finished_at)
        SELECT gen_random_uuid(), organization_uuid, uuid, id, 'migrate', 'succeeded', 1, '', '{}', now() - interval '100 days'
          FROM completed`);
      await client.query(`
        INSERT INTO runs (uuid, organization_uuid, migration_uuid, migration_id, kind, state, actor, overrides, finished_at)
        SELECT gen_random_uuid(), organization_uuid, migration_uuid, 'last', 'sync', 'failed', '', '{}', now() - interval '99 days'
          FROM runs LIMIT 1`);
      await client.query(`UPDATE retention SET owner = 'pruner', claimed_until = now() + interval '1 hour'`);
    });
    expect(await large.control.retention.forgettable(ROUND, 50, null)).toMatchObject([{ state: 'failed' }]);
  });
});

describe('history', () => {
  it('of a million events goes in short steps, and nothing of other runs with it', async () => {
    await sync(scene);
    await age(91);
    const [old] = await runs();
    const other = await queueRun(scene, 'sync');
    const others = await scene.tenant.store.runEvents(other.uuid, 0);
    await withClient(url, async (client) => {
      await client.query(`SET session_replication_role = 'replica'`);
      await client.query(
        `INSERT INTO run_events (organization_uuid, run_uuid, sequence, type, data)
         SELECT organization_uuid, uuid, n, 'blocked', '{}' FROM runs, generate_series(1001, 1001000) n WHERE uuid = $1`,
        [old?.uuid],
      );
    });
    const [{ n } = {}] = await sql('SELECT count(*)::int AS n FROM run_events WHERE run_uuid = $1', [old?.uuid]);
    const steps = await forget(old?.uuid as Uuid);
    expect(steps.reduce((sum, events) => sum + events, 0)).toBe(n);
    expect(n).toBeGreaterThan(1_000_000);
    expect(Math.max(...steps)).toBe(DELETED_AT_ONCE);
    expect((await runs()).map(({ uuid }) => uuid)).toEqual([other.uuid]);
    expect(await scene.tenant.store.runEvents(other.uuid, 0)).toEqual(others);
    expect(await sql('SELECT FROM run_events WHERE run_uuid = $1', [old?.uuid])).toEqual([]);
  });

  it('is deleted in no other way', async () => {
    await sync(scene);
    await age(91);
    const [run] = await runs();
    const restricted = { code: '23001', message: 'run_events is append-only' };
    await expect(sql('DELETE FROM run_events WHERE run_uuid = $1', [run?.uuid])).rejects.toMatchObject(restricted);
    await expect(sql('DELETE FROM runs WHERE uuid = $1', [run?.uuid])).rejects.toMatchObject(restricted);
    await withClient(url, async (client) => {
      await client.query(`SELECT eden_forget_run($1, now(), 1)`, [run?.uuid]);
      await expect(client.query('DELETE FROM run_events')).rejects.toMatchObject(restricted);
      await client.query(`SET eden.retention = 'on'`);
      await expect(client.query('DELETE FROM audit')).rejects.toMatchObject({ message: 'audit is append-only' });
      await expect(client.query('TRUNCATE run_events')).rejects.toMatchObject(restricted);
    });
  });
});

describe('databases', () => {
  it('are forgotten when no run has been there for as long as runs are kept', async () => {
    await sync(scene);
    await carryOut(scene, 'migrate');
    const ofScene = () => sql('SELECT FROM target_databases WHERE endpoint_uuid = $1', [scene.endpoint.uuid]);
    await sql(`UPDATE target_databases SET last_used_at = now() - interval '91 days'`);
    await control.retention.forgetTargetDatabases(ROUND);
    expect(await ofScene()).toHaveLength(1);
    await sql(`UPDATE migrations SET state = 'Rolled Back' WHERE uuid = $1`, [scene.migration.uuid]);
    await age(91);
    for (const { uuid } of await forgettable()) await forget(uuid);
    await sql('UPDATE target_databases SET last_used_at = now()');
    expect(await control.retention.forgetTargetDatabases(ROUND)).toBe(0);
    await sql(`UPDATE target_databases SET last_used_at = now() - interval '91 days' WHERE endpoint_uuid = $1`, [
      scene.endpoint.uuid,
    ]);
    expect(await control.retention.forgetTargetDatabases(ROUND)).toBe(1);
    expect(await ofScene()).toEqual([]);
  });

  it('stay when a run uses them again in the same moment', async () => {
    await sql(
      `INSERT INTO target_databases (organization_uuid, endpoint_uuid, database_key, last_used_at)
       SELECT organization_uuid, uuid, 'again', now() - interval '91 days' FROM endpoints WHERE uuid = $1`,
      [scene.endpoint.uuid],
    );
    const again = () => sql(`SELECT FROM target_databases WHERE database_key = 'again'`);
    await withClient(url, async (run) => {
      await run.query('BEGIN');
      await run.query(`UPDATE target_databases SET last_used_at = now() WHERE database_key = 'again'`);
      const forgetting = control.retention.forgetTargetDatabases(ROUND);
      await eventually(
        async () => {
          const waiting = await sql(
            `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%target_databases%'
               AND datname = current_database()`,
          );
          expect(waiting).toHaveLength(1);
        },
        { intervalMs: 5 },
      );
      await run.query('COMMIT');
      expect(await forgetting).toBe(0);
    });
    expect(await again()).toHaveLength(1);
  });
});

describe('a round', () => {
  it('has one worker at a time, and is due again when it is said to be', async () => {
    const { retention } = control;
    await retention.end('pruner', 0);
    const took = await Promise.all(['a', 'b', 'c'].map(async (owner) => (await retention.begin(owner)) && owner));
    const [owner, ...others] = took.filter((name) => name !== false);
    expect(others).toEqual([]);
    await retention.end(owner ?? '', 60_000);
    expect(await retention.begin('a')).toBe(false);
    await sql(`UPDATE retention SET due_at = now()`);
    expect(await retention.begin('a')).toBe(true);
  });

  it('stays with a worker that finds nothing to delete for long', async () => {
    await sql(`UPDATE retention SET claimed_until = now() + interval '1 second'`);
    await forgettable();
    expect(await sql(`SELECT FROM retention WHERE claimed_until > now() + interval '4 minutes'`)).toHaveLength(1);
  });

  it('is taken from a worker that died, which then deletes nothing more', async () => {
    await sync(scene);
    await age(91);
    const [run] = await runs();
    expect(await control.retention.begin('another')).toBe(false);
    await sql(`UPDATE retention SET claimed_until = now() - interval '1 second'`);
    expect(await control.retention.begin('another')).toBe(true);
    await expect(control.retention.forgetRun(ROUND, run?.uuid as Uuid)).rejects.toMatchObject({ code: 'FENCED' });
    await expect(forgettable()).rejects.toMatchObject({ code: 'FENCED' });
    await expect(control.retention.forgetTargetDatabases(ROUND)).rejects.toMatchObject({ code: 'FENCED' });
    expect(await runs()).toHaveLength(1);
  });
});
