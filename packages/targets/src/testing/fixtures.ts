import { randomUUID } from 'node:crypto';
import {
  asUuid,
  type Endpoint,
  type Gate,
  type JsonValue,
  type KnownRun,
  type LedgerRow,
  type ParticipantSpec,
  type Statement,
  type Uuid,
} from '@eden/domain';
import type { ReachOptions } from '../index.js';

/** A loaded machine may be slow to connect; tests of that bound set their own. */
export const PATIENT = { connectTimeoutMs: 20_000 };

/** Long enough that who blocks is seen before it is over, on a loaded machine too. */
export const WATCHED_LOCK_TIMEOUT_MS = 1500;

/** Targets on this machine, and no control database anywhere. */
export const REACH: ReachOptions = {
  allowedNetworks: [],
  allowLoopback: true,
  allowControlServer: false,
  ownServers: [],
  controlServer: {
    identify: () => Promise.resolve({ systemIdentifier: null, databaseOid: 0 }),
    findAdvisoryLock: () => Promise.resolve(null),
  },
};

export function newUuid(): Uuid {
  return asUuid(randomUUID());
}

export function sql(text: string, ...params: readonly JsonValue[]): Statement {
  return { text, params };
}

export function endpointAt(url: string, change: Partial<Endpoint> = {}): Endpoint {
  const now = new Date();
  return {
    uuid: newUuid(),
    organizationUuid: newUuid(),
    id: 'customers_db',
    kind: 'Postgres',
    description: null,
    config: { url },
    version: 1,
    database: null,
    createdAt: now,
    updatedAt: now,
    ...change,
  };
}

export function gate(apiUuid: Uuid, schemaVersion: number): Gate {
  return { apiUuid, schemaVersion };
}

/** Of the attempt of each participant, unless the test gives it another one. */
const TOKEN = '0123456789abcdef';

/** The run of a participant, as its control database knows it. */
export function knownRun(uuid: Uuid, epoch = 1): KnownRun {
  return { uuid, token: TOKEN, epoch };
}

/** The ledger row of a participant. */
export function committed(epoch: number, number: number, token = TOKEN): LedgerRow {
  return { epoch, number, token };
}

export function participantSpec(change: Partial<ParticipantSpec> = {}): ParticipantSpec {
  return {
    installation: 'test',
    runUuid: newUuid(),
    migrationUuid: newUuid(),
    epoch: 1,
    number: 0,
    token: TOKEN,
    gates: [],
    gateTimeoutMs: 2000,
    lockTimeoutMs: 2000,
    onBlocked: () => undefined,
    onNotice: () => undefined,
    ...change,
  };
}

/** The error that `work` rejects with; fails when there is none. */
export async function rejection(work: Promise<unknown>): Promise<unknown> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (outcome === undefined) throw new Error('nothing was thrown');
  return outcome.error;
}
