import { afterEach } from '@jest/globals';
import { atEndOfFile, createDatabase, testServers, type TestDatabase } from '@eden/testkit';
import type { Settlement, TargetAdapter } from '@eden/domain';
import { createTargets, type PostgresLimits } from '../index.js';
import { PATIENT, REACH, endpointAt, newUuid } from './fixtures.js';

/** An adapter whose pools are closed at the end of the test file. */
export function postgresAdapter(limits: Partial<PostgresLimits> = {}): TargetAdapter {
  const targets = createTargets({ postgres: { ...PATIENT, ...limits }, reach: REACH });
  atEndOfFile(() => targets.close());
  return targets.adapter('Postgres');
}

/** An empty database of the test file's own. */
export function newDatabase(): Promise<TestDatabase> {
  return createDatabase(testServers().targets[0]);
}

/** The same with what the service keeps in it. */
export async function newInstalledDatabase(adapter: TargetAdapter): Promise<TestDatabase> {
  const database = await newDatabase();
  await adapter.install(endpointAt(database.url), newUuid());
  return database;
}

/** The database's settlement, open until the end of the test file. */
export async function settlementOf(adapter: TargetAdapter, { url }: TestDatabase): Promise<Settlement> {
  const settlement = await adapter.openSettlement(endpointAt(url));
  atEndOfFile(() => settlement.close());
  return settlement;
}

/** What a test puts into it is closed when the test is over. */
export function closedAfterEach(): { close(): Promise<void> }[] {
  const open: { close(): Promise<void> }[] = [];
  afterEach(() => Promise.all(open.splice(0).map((each) => each.close())));
  return open;
}
