import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asUuid, type Endpoint, type JsonObject } from '@eden/domain';
import { createTargets } from '@eden/targets';
import { createDatabase, eventually, testServers, type TestDatabase } from '@eden/testkit';
import { report } from '../report.js';
import { Caller, type CallEnd } from './caller.js';
import { HostileServer } from './hostile-server.js';
import { KINDS, type Kind } from './kinds.js';
import { REACH } from './reach.js';

/** Bounds of the caller are 1.5 s to connect and 0.5 s + 5 s for a statement; then the goodbye. A busy machine is slow. */
const LONGEST_CALL_MS = 60_000;
/** Of the processor. What has no bound of its own takes seconds, and a slow machine needs several times what a fast one does. */
const MAX_BLOCKED_MS = 400;
const MAX_GROWN_BYTES = 192 * 1024 * 1024;
const PARALLEL = 4;

let database: TestDatabase;
const ends = new Map<string, Promise<CallEnd>>();

beforeAll(async () => {
  const [server] = testServers().targets;
  database = await createDatabase(server);
  const targets = createTargets({ reach: REACH });
  await targets.adapter('Postgres').install(endpoint({ url: database.url }), asUuid(randomUUID()));
  await targets.close();
  tryAll();
});

const callers = Array.from({ length: PARALLEL }, () => new Caller());
afterAll(() => Promise.all(callers.map((caller) => caller.stop())));

/** Most kinds wait for a bound to run out, so several are tried at once, each by a process of its own. */
function tryAll(): void {
  const lines: Promise<unknown>[] = callers.map(() => Promise.resolve());
  KINDS.forEach((kind, n) => {
    const caller = callers[n % PARALLEL] as Caller;
    const end = (lines[n % PARALLEL] as Promise<unknown>).then(() => attempt(kind, caller));
    lines[n % PARALLEL] = end.catch(() => undefined);
    ends.set(kind.name, end);
  });
}

async function attempt(kind: Kind, caller: Caller): Promise<CallEnd> {
  const server = await HostileServer.start(database.server.port, kind.place, kind.misbehave);
  try {
    const config = configOf(server.port, kind.ssl);
    const end = await caller.call({ operation: kind.operation, config }, LONGEST_CALL_MS);
    await eventually(() => expect(server.open).toBe(0));
    return end;
  } finally {
    await server.stop();
  }
}

/** What must not be, in words; nothing when the kind was held. */
function whatIsWrong(end: CallEnd, expected: string): string[] {
  if ('processEnded' in end) return [`the process ended: ${end.processEnded}`];
  const { result, details, blockedMs, grownBytes } = end;
  return [
    ...(result === expected ? [] : [`the result is ${result} ${details}`]),
    ...(blockedMs < MAX_BLOCKED_MS ? [] : [`the event loop stood still for ${blockedMs} ms`]),
    ...(grownBytes < MAX_GROWN_BYTES ? [] : [`the process grew by ${grownBytes} bytes`]),
  ];
}

function configOf(port: number, ssl: boolean): JsonObject {
  const { host, username, password } = database.server;
  return { host, port, database: database.name, username, password, ssl_mode: ssl ? 'require' : 'disable' };
}

function endpoint(config: JsonObject): Endpoint {
  const now = new Date();
  return {
    uuid: asUuid(randomUUID()),
    organizationUuid: asUuid(randomUUID()),
    id: 'target',
    kind: 'Postgres',
    description: null,
    config,
    version: 1,
    database: null,
    createdAt: now,
    updatedAt: now,
  };
}

describe('a server that answers what it should not ends no process, blocks nothing and fills no memory', () => {
  it('in many ways', () => {
    expect(KINDS.length).toBeGreaterThan(100);
    expect(new Set(KINDS.map(({ name }) => name)).size).toBe(KINDS.length);
  });

  it.each(KINDS)(
    '$name: $expected',
    async ({ name, expected }) => {
      const end = await (ends.get(name) as Promise<CallEnd>);
      const wrong = whatIsWrong(end, expected);
      report({ suite: 'hostile servers', name, outcome: JSON.stringify(end), gotThrough: wrong.length > 0 });
      expect(wrong).toEqual([]);
    },
    KINDS.length * 2000,
  );
});
