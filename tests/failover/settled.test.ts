import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ErrorContext, PreparedFate, RunParticipant, Standing, Telemetry, Trace, Uuid } from '@eden/domain';
import { FATES, asUuid, compareDatabases, formatPreparedId, parsePreparedId } from '@eden/domain';
import { auditRuns, sweepOrphans } from '@eden/engine';
import type { TestDatabase } from '@eden/testkit';
import { createControlDatabase, testServers, withClient } from '@eden/testkit';
import type { WorldDeps } from '../runs/run-world.js';
import { RunWorld } from '../runs/run-world.js';

/*
 * Every row of the table of settled runs (protocol I21) against real databases: a run stands as the row says, one of its
 * databases has the trace, and the sweep and the audit come by.
 */

let control: TestDatabase;
let world: RunWorld;
let migrations = 0;
/** The database that commits first, and the other one, which has the trace. */
let witness: 0 | 1;
let other: 0 | 1;

beforeAll(async () => {
  control = await createControlDatabase();
  world = await RunWorld.create({ DATABASE_URL: control.url });
  for (const database of [0, 1] as const) await world.query(database, 'CREATE TABLE marks (run text)');
  const adapter = world.deps.targets.adapter('Postgres');
  const organization = world.deps.store.organization(world.subject.organizationUuid);
  const [first, second] = await Promise.all(
    ['db-0', 'db-1'].map(async (id) => adapter.identify(await organization.endpoint(id))),
  );
  witness = first !== undefined && second !== undefined && compareDatabases(first, second) < 0 ? 0 : 1;
  other = witness === 0 ? 1 : 0;
});

afterAll(() => world.close());

/** What makes the row of a succeeded run stand so. */
const COLUMNS: Readonly<Record<Exclude<Standing, `unknown${string}`>, string>> = {
  queued: "state = 'queued', slot = 'active', finished_at = NULL",
  waiting_for_lock: "state = 'waiting_for_lock', slot = 'active', finished_at = NULL",
  stepping: "state = 'stepping', slot = 'active', finished_at = NULL",
  paused: "state = 'paused', slot = 'active', finished_at = NULL",
  running: "state = 'running', slot = 'active', finished_at = NULL",
  deciding: "state = 'deciding', slot = 'active', finished_at = NULL",
  committing: "state = 'committing', slot = 'active', finished_at = NULL",
  finishing: "state = 'finishing', slot = 'active', finished_at = NULL",
  aborting: "state = 'aborting', slot = 'active', finished_at = NULL",
  compensating: "state = 'compensating', slot = 'active', finished_at = NULL",
  in_doubt: "state = 'in_doubt', slot = 'active', finished_at = NULL, in_doubt_since = now()",
  succeeded: "state = 'succeeded'",
  'succeeded, rolled back later': "state = 'succeeded'",
  'resolved by commit': "state = 'succeeded', in_doubt_since = now()",
  'resolved by abort': "state = 'failed', in_doubt_since = now()",
  failed: "state = 'failed'",
  cancelled: "state = 'cancelled', cancelled_by = 'ann'",
};

/** In these the run has committed, and so has its witness. */
const COMMITTED: readonly Standing[] = ['succeeded', 'succeeded, rolled back later', 'resolved by commit'];

function controlQuery(sql: string, values: unknown[] = []): Promise<unknown> {
  return withClient(control.url, (client) => client.query(sql, values));
}

/** What a run has left of itself in the database that is looked at. */
interface Traced {
  readonly run: Uuid;
  readonly preparedId: string;
  readonly isKnown: boolean;
}

async function arrange(standing: Standing): Promise<Traced> {
  if (standing === 'unknown within retention' || standing === 'unknown beyond retention') return unknownRun();
  const id = `m${(migrations += 1)}`;
  const step = { query: 'SELECT 1', rollback: 'SELECT 1' };
  await world.migration(id, [
    { database: 0, ...step },
    { database: 1, ...step },
  ]);
  const run = await world.request(id);
  expect(await world.finish(run)).toMatchObject({ state: 'succeeded' });
  if (standing === 'succeeded, rolled back later') {
    expect(await world.finish(await world.request(id, 'rollback'))).toMatchObject({ state: 'succeeded' });
  }
  const participants = await world.deps.journal.participants(run);
  for (const database of [0, 1] as const) {
    await world.query(database, `DELETE FROM _eden.ledger WHERE run_uuid = '${run}'`);
  }
  if (COMMITTED.includes(standing)) await world.query(witness, ledgerSql(participants[0] as RunParticipant));
  await controlQuery(`UPDATE runs SET ${COLUMNS[standing]} WHERE uuid = $1`, [run]);
  return { run, preparedId: (participants[1] as RunParticipant).preparedId, isKnown: true };
}

async function unknownRun(): Promise<Traced> {
  // `_eden` is there, and somebody has worked in both databases.
  await arrange('succeeded');
  const run = asUuid(randomUUID());
  return { run, preparedId: await preparedIdOf(run, 1), isKnown: false };
}

async function preparedIdOf(runUuid: Uuid, number: number): Promise<string> {
  const installation = await world.deps.journal.installation();
  const token = runUuid.replaceAll('-', '').slice(-16);
  return formatPreparedId({ installation, runUuid, epoch: 1, number, token });
}

function ledgerSql({ preparedId }: Pick<RunParticipant, 'preparedId'>): string {
  const parts = parsePreparedId(preparedId);
  if (parts === null) throw new TypeError('not an id of ours');
  const { runUuid, epoch, number, token } = parts;
  return `INSERT INTO _eden.ledger (run_uuid, epoch, number, token) VALUES ('${runUuid}', ${epoch}, ${number}, '${token}')`;
}

async function leave(trace: Trace, traced: Traced): Promise<void> {
  const { run, preparedId } = traced;
  if (trace === 'prepared') {
    const work = `INSERT INTO marks VALUES ('${run}'); ${ledgerSql(traced)}`;
    await world.query(other, `BEGIN; ${work}; PREPARE TRANSACTION '${preparedId}'`);
  }
  if (trace === 'missing with ledger') await world.query(other, ledgerSql(traced));
}

/** What has become of it; what is left over is taken away. */
async function outcomeOf({ run, preparedId }: Traced): Promise<'committed' | 'rolled back' | 'prepared'> {
  const prepared = await world.query(other, `SELECT FROM pg_prepared_xacts WHERE gid = '${preparedId}'`);
  if (prepared.length > 0) await world.query(other, `ROLLBACK PREPARED '${preparedId}'`);
  if (prepared.length > 0) return 'prepared';
  const marks = await world.query(other, `SELECT FROM marks WHERE run = '${run}'`);
  return marks.length > 0 ? 'committed' : 'rolled back';
}

function listening(alarms: ErrorContext[], keptDays: number): WorldDeps {
  const runContradicted: Telemetry['runContradicted'] = (fields) => void alarms.push(fields);
  const telemetry = Object.create(world.deps.telemetry, { runContradicted: { value: runContradicted } }) as Telemetry;
  const worker = world.worker(undefined, { telemetry });
  return { ...worker, settings: { ...worker.settings, keptDays } };
}

/** The sweep looks at what is prepared, the audit at ledgers; an alarm of the run is told by either. */
async function settle(standing: Standing, traced: Traced): Promise<ErrorContext[]> {
  const alarms: ErrorContext[] = [];
  // As if all that is prepared were older than what is kept.
  const isOld = standing === 'unknown beyond retention';
  await sweepOrphans(listening(alarms, isOld ? -1 : 90));
  await auditRuns(listening(alarms, 90));
  return alarms.filter(({ run, endpoint_id }) => run === traced.run && endpoint_id === `db-${other}`);
}

const OUTCOMES: Readonly<Record<PreparedFate, string>> = {
  commit: 'committed',
  'roll back': 'rolled back',
  leave: 'prepared',
  report: 'prepared',
  fine: 'prepared',
};

// Protocol: I21
describe.each(Object.entries(FATES) as [Standing, (typeof FATES)[Standing]][])(
  'of a run that is %s',
  (standing, fates) => {
    it(`what is prepared: ${fates.prepared}`, async () => {
      const traced = await arrange(standing);
      await leave('prepared', traced);
      const alarms = await settle(standing, traced);
      expect(await outcomeOf(traced)).toBe(OUTCOMES[fates.prepared]);
      const isTold = fates.prepared === 'commit' || fates.prepared === 'report';
      expect(alarms.map(({ found }) => found)).toEqual(isTold ? ['prepared'] : []);
    });

    it.each(['missing with ledger', 'missing without'] as const)(`%s`, async (trace) => {
      const traced = await arrange(standing);
      await leave(trace, traced);
      const alarms = await settle(standing, traced);
      expect(alarms.map(({ found }) => found)).toEqual(fates[trace] === 'report' ? [trace] : []);
      if (!traced.isKnown) return;
      const state = COLUMNS[standing as keyof typeof COLUMNS].match(/^state = '(\w+)'/)?.[1];
      expect((await world.run(traced.run)).state).toBe(state);
    });
  },
);

// Protocol: I20
it.each([
  [0, 1],
  [1, 0],
] as const)(
  'an unknown run whose last resource has committed is committed, its first participant in database %i',
  async (first, second) => {
    const last = await world.addDatabase(testServers().targets[0]);
    const id = `m${(migrations += 1)}`;
    await world.migration(
      id,
      [0, 1, last].map((database) => ({ database, query: 'SELECT 1' })),
    );
    await world.finish(await world.request(id));
    const run = asUuid(randomUUID());
    for (const [number, database] of [first, second].entries()) {
      const preparedId = await preparedIdOf(run, number);
      const work = `INSERT INTO marks VALUES ('${run}'); ${ledgerSql({ preparedId })}`;
      await world.query(database, `BEGIN; ${work}; PREPARE TRANSACTION '${preparedId}'`);
    }
    await world.query(last, ledgerSql({ preparedId: await preparedIdOf(run, 2) }));
    await sweepOrphans(world.worker());
    const marks = [0, 1].map((database) => world.query(database, `SELECT run FROM marks WHERE run = '${run}'`));
    expect(await Promise.all(marks)).toEqual([[{ run }], [{ run }]]);
  },
);

// Protocol: I20
it('a run whose attempt and plan are forgotten is committed where a database that its migration names has committed it', async () => {
  // Somebody has worked in the database that is swept, and nobody ever in the new one.
  await arrange('succeeded');
  const never = await world.addDatabase(testServers().targets[0]);
  const id = `m${(migrations += 1)}`;
  await world.migration(
    id,
    [other, never].map((database) => ({ database, query: 'SELECT 1' })),
  );
  const run = await world.request(id);
  await controlQuery('UPDATE migrations SET plan = NULL, plan_hash = NULL, atomicity = NULL WHERE id = $1', [id]);
  const traced = { run, preparedId: await preparedIdOf(run, 1), isKnown: true };
  await leave('prepared', traced);
  await world.query(never, ledgerSql({ preparedId: await preparedIdOf(run, 0) }));
  await sweepOrphans(world.worker());
  expect(await outcomeOf(traced)).toBe('committed');
});
