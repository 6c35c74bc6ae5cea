import { describe, expect, it } from '@jest/globals';
import { atEndOfFile, createDatabase, startTcpProxy, testServers, withClient } from '@eden/testkit';
import type { ControlDatabase } from '../control-database.js';
import { deployControlSchema } from '../deploy.js';
import { openControl } from '../testing/control.js';
import { claimRun, LEASE_MS, queueRun, startRun, sync } from '../testing/runs.js';
import { attach, createScene } from '../testing/tenants.js';
import { adoptAsCopy, adoptPlace, readPlaces } from './adoption.js';

const UNKNOWN = { code: 'SERVICE_UNAVAILABLE', context: { unknown_place: true } };

async function deployed(installationName?: string): Promise<string> {
  const { url } = await createDatabase(testServers().control);
  await deployControlSchema(url, { installationName });
  return url;
}

function open(url: string, installationName?: string): ControlDatabase {
  const control = openControl(url, installationName);
  atEndOfFile(() => control.close());
  return control;
}

/** Asked by a process that has gone. */
async function installationOf(url: string): Promise<string> {
  const control = openControl(url);
  try {
    return await control.journal.installation();
  } finally {
    await control.close();
  }
}

/** The same database at another address. */
async function secondAddress(url: string): Promise<string> {
  const other = new URL(url);
  other.port = String((await startTcpProxy(Number(other.port))).port);
  return other.href;
}

async function run(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  return withClient(url, async (client) => (await client.query(sql)).rows);
}

// Protocol: I30
describe('an installation', () => {
  it('takes the place of its first deploy, once, and is one for all who come by it', async () => {
    const url = await deployed();
    await deployControlSchema(url);
    const ids = await Promise.all([open(url), open(url)].map(({ journal }) => journal.installation()));
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^[a-z0-9]+$/);
    const { here, known, isKnown } = await readPlaces({ url });
    expect({ known: known.length, isKnown }).toEqual({ known: 1, isKnown: true });
    expect(known).toMatchObject(here);
  });

  it('does not know another address of its database before it is adopted, and then it is the same installation', async () => {
    const url = await deployed();
    const other = await secondAddress(url);
    const first = open(url);
    const second = open(other);
    await deployControlSchema(other);
    await expect(second.store.checkPlace()).rejects.toMatchObject(UNKNOWN);
    await expect(second.journal.installation()).rejects.toMatchObject(UNKNOWN);
    await adoptPlace({ url: other });
    await adoptPlace({ url: other });
    await second.store.checkPlace();
    expect(await second.journal.installation()).toBe(await first.journal.installation());
    expect(await second.journal.earlierInstallations()).toEqual([]);
    expect((await readPlaces({ url })).known).toHaveLength(2);
  });

  it('that has a name is known by it at any address without meaning, and by no other name', async () => {
    const url = await deployed('staging');
    await open(url, 'staging').store.checkPlace();
    await open(url.replace('127.0.0.1', 'localhost'), 'staging').store.checkPlace();
    await expect(open(url, 'production').store.checkPlace()).rejects.toMatchObject(UNKNOWN);
    await expect(open(url).store.checkPlace()).rejects.toMatchObject(UNKNOWN);
  });

  it('is a new one in an adopted copy, which names its original and no longer knows the places of it', async () => {
    const original = await createDatabase(testServers().control);
    await deployControlSchema(original.url);
    const before = await installationOf(original.url);
    const { url } = await createDatabase(original.server, { template: original.name });
    const copy = open(url);
    await expect(copy.store.checkPlace()).rejects.toMatchObject(UNKNOWN);
    await adoptAsCopy({ url });
    expect(await copy.journal.installation()).not.toBe(before);
    expect(await copy.journal.earlierInstallations()).toEqual([before]);
    expect((await readPlaces({ url })).known).toHaveLength(1);
  });

  it('of the version before places keeps its id', async () => {
    const url = await deployed();
    await run(
      url,
      `TRUNCATE installations CASCADE;
       INSERT INTO installations (id, system_identifier, database_oid)
       SELECT 'before', system_identifier::text, oid FROM pg_control_system(), pg_database WHERE datname = current_database()
       UNION ALL SELECT 'elsewhere', '1', 1`,
    );
    await deployControlSchema(url);
    const { journal } = open(url);
    expect(await journal.installation()).toBe('before');
    expect(await journal.earlierInstallations()).toEqual(['elsewhere']);
  });
});

// Protocol: I30
it('an adopted copy cancels the runs that had touched nothing, and leaves those that had begun', async () => {
  const url = await deployed();
  const control = open(url);
  const [queued, waiting, begun] = [await createScene(control), await createScene(control), await createScene(control)];
  await attach(begun);
  await sync(begun);
  const untouched = [await queueRun(queued, 'migrate'), await queueRun(waiting, 'migrate')] as const;
  await claimRun(waiting, untouched[1]);
  const { run: running } = await startRun(begun, await queueRun(begun, 'migrate'));
  expect(await adoptAsCopy({ url })).toEqual({ cancelledRuns: 2, runsInDoubt: 1 });
  const rows = await run(url, 'SELECT uuid, state FROM runs WHERE slot IS NOT NULL OR cancelled_by IS NOT NULL');
  expect(new Map(rows.map(({ uuid, state }) => [uuid, state]))).toEqual(
    new Map([...untouched.map(({ uuid }) => [uuid, 'cancelled'] as const), [running.uuid, 'running'] as const]),
  );
  expect(await open(url).journal.claim(untouched[0].uuid, 'somebody', LEASE_MS)).toBeNull();
});
