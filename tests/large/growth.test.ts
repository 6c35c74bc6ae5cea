import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { beforeAll, expect, it } from '@jest/globals';
import type { OwnedRun } from '@eden/domain';
import { withClient } from '@eden/testkit';
import type { ControlDatabase } from '@eden/database';
import { newControl, openControl } from '../../packages/database/src/testing/control.js';
import { carryOut, queueRun, startRun, sync } from '../../packages/database/src/testing/runs.js';
import { addEndpoint, attach, createScene, type Scene } from '../../packages/database/src/testing/tenants.js';
import { reportCall } from './measured.js';

/*
 * A control database as it is after years: 100 000 migrations with two runs each, 1 000 000 events, 10 000 templates and
 * APIs. What a gateway and a worker ask again and again must not read a table through, however long the history is.
 */

const MIGRATIONS = 100_000;
/** A table with fewer rows may be read through. */
const BIG = 5_000;
const FILL_MS = 600_000;

let url: string;
let scene: Scene;
let owned: OwnedRun;

beforeAll(async () => {
  const created = await newControl();
  url = created.url;
  scene = await createScene(created.control);
  await attach(scene);
  await sync(scene);
  await carryOut(scene, 'migrate');
  await withClient(url, async (client) => {
    await client.query(`SET eden.migrations = ${MIGRATIONS}`);
    await client.query(readFileSync(join(import.meta.dirname, 'history.sql'), 'utf8'));
    await client.query('VACUUM ANALYZE');
  });
  const migration = await scene.tenant.store.transact((tx) =>
    tx.insertMigration({ id: 'now', description: null, parameters: {}, options: {}, createdBy: 'root' }),
  );
  scene = { ...scene, migration, endpoint: await addEndpoint(scene.tenant, 'other') };
  await attach(scene);
  await sync(scene);
  owned = await startRun(scene, await queueRun(scene, 'migrate'));
}, FILL_MS);

interface Scanned {
  readonly scans: number;
  readonly rows: number;
}

/** What was read through of each big table, over all sessions that have ended. */
async function sequentialScans(): Promise<ReadonlyMap<string, Scanned>> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ table: string } & Scanned>(`
      SELECT s.relname AS table, s.seq_scan::int AS scans, s.seq_tup_read::float8 AS rows
        FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid WHERE c.reltuples > ${BIG}`);
    return new Map(rows.map(({ table, ...scanned }) => [table, scanned]));
  });
}

type Call = (control: ControlDatabase) => Promise<unknown>;

const page = { limit: 50, cursor: null };
const store = ({ store: all }: ControlDatabase) => all.organization(scene.tenant.uuid);

/** The first look of somebody who comes back after a minute. */
async function watched(control: ControlDatabase): Promise<void> {
  const leaving = new AbortController();
  const since = new Date(Date.now() - 60_000);
  const changes = control.store.followOrganization(scene.tenant.uuid, { since, signal: leaving.signal });
  await changes[Symbol.asyncIterator]().next();
  leaving.abort();
}

/** What gateways and workers ask most often, and what people look at. */
const CALLS: Readonly<Record<string, Call>> = {
  'migration by id': (control) => store(control).migration('migration-777'),
  'migration by uuid': (control) => store(control).migration(scene.migration.uuid),
  'list of migrations': (control) => store(control).migrations(page),
  'second page of migrations': async (control) => {
    const { nextCursor } = await store(control).migrations(page);
    return store(control).migrations({ ...page, cursor: nextCursor });
  },
  'counts of migrations': (control) => store(control).migrationCounts({}),
  'latest runs of a page': async (control) => {
    const { items } = await store(control).migrations(page);
    return store(control).latestRuns(items.map((migration) => migration.uuid));
  },
  'members and plan': (control) =>
    Promise.all([store(control).members(scene.migration.uuid), store(control).plan(scene.migration.uuid)]),
  'runs of everybody, with their progress': async (control) => {
    const { items } = await store(control).allRuns(page);
    return store(control).runProgress(items);
  },
  'open runs': (control) => store(control).openRuns({}),
  'what moves in an organization': (control) => watched(control),
  'who has changed what a plan is made of': (control) =>
    store(control).lastChanges([scene.template.uuid, scene.endpoint.uuid, scene.migration.uuid]),
  'runs of a migration': (control) => store(control).runs(scene.migration.uuid, page),
  'run with its APIs': (control) =>
    Promise.all([store(control).run(owned.run.uuid), store(control).runApis(owned.run.uuid)]),
  'events of a run': (control) => store(control).runEvents(owned.run.uuid, 0),
  'list of templates': (control) => store(control).templates(page),
  'template by id': (control) => store(control).template('template-77'),
  'users of a template': (control) => store(control).templateUsers(scene.template.uuid),
  'list of APIs': (control) => store(control).apis(page),
  'API by id, as an execution loads it': async (control) => {
    const api = await store(control).api('api-77');
    return store(control).templatesByUuid(api.bindings.map(({ templateUuid }) => templateUuid));
  },
  'unfinished runs of a migration': (control) =>
    store(control).transact((tx) => tx.unfinishedRuns(scene.migration.uuid)),
  'audit of an actor': (control) => control.store.audit(scene.tenant.uuid).entries({ actor: 'person-7' }, page),
  'audit of everybody': (control) => control.store.audit(scene.tenant.uuid).entries({}, page),
  heartbeat: (control) => control.journal.heartbeat(owned),
  'event of a run': (control) =>
    control.journal.recordEvent(owned, 'target_committed', { database: 'shop', endpoint_id: 'main' }),
  'abandoned runs': (control) => control.journal.abandoned(60_000),
  'runs to audit': (control) => control.journal.nextToAudit(25, 90),
  'standings of orphans': (control) => control.journal.standings([owned.run.uuid]),
  'endpoints to sweep': (control) => control.journal.participantEndpoints(),
  'endpoints that are due for a sweep': (control) => control.journal.takeDueSweeps(10_000, 50),
  'runs in doubt': (control) => control.journal.inDoubt(),
  'messages to send': (control) => control.outbox.claim(100, 10_000),
  'forgotten runs': (control) => control.outbox.forgotten(60_000),
  'sweep of the outbox': (control) => control.outbox.sweep(),
  'webhooks to send': (control) => control.webhooks.claim(10, 10_000, []),
};

it.each(Object.entries(CALLS))('%s reads no big table through', async (what, call) => {
  const before = await sequentialScans();
  const control = openControl(url);
  await call(control);
  const startedAt = performance.now();
  await call(control);
  reportCall(what, performance.now() - startedAt);
  // A session tells its figures when it ends.
  await control.close();
  const after = await sequentialScans();
  const read = [...after].filter(([table, { scans }]) => scans > (before.get(table)?.scans ?? 0));
  expect(read.map(([table]) => table)).toEqual([]);
});
