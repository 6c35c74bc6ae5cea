import { CommittedBefore, formatPreparedId } from '@eden/domain';
import type { Endpoint, LedgerRow, RunParticipant, Settlement, Uuid } from '@eden/domain';
import { loadWork } from '@eden/work';
import type { Participant, Settling } from '../participants/participant.js';
import { untilAnswered, withSettlement } from '../participants/settlement.js';
import {
  askFirst,
  askLast,
  namedDatabases,
  possibleDatabases,
  rollBackPrepared,
  type Asked,
} from './possible-databases.js';

/** An attempt has committed of which not even the plan is known: its databases are those that have something of it. */
export class ForgottenCommit extends CommittedBefore {
  constructor(
    token: string,
    readonly participants: readonly Participant[],
  ) {
    super(token);
  }
}

/** Nobody knows a T1 of the run, nor a plan by which it may have had one. */
export function isUnplanned({ ownership, participants }: Settling): boolean {
  const { kind, token } = ownership.current.run;
  return kind !== 'sync' && token === '' && participants.length === 0;
}

/**
 * Undoes a run of which nobody knows the databases, once each that may be one of them was asked: where it is the last resource,
 * then where it is the first participant. Answers the newest fence; null when some database was left to others.
 * @throws ForgottenCommit
 */
export async function undoUnplanned(settling: Settling): Promise<number | null> {
  const { deps, ownership } = settling;
  const { run } = ownership.current;
  const possible = await possibleDatabases(deps, run);
  for (const ask of [askLast, askFirst]) {
    const committed = await askEach(settling, possible, ask);
    if (committed === null) return null;
    const [row] = committed;
    if (row === undefined) continue;
    const participants = await participantsOf(settling, possible, row.token);
    if (participants === null) return null;
    throw new ForgottenCommit(row.token, participants);
  }
  return fenceEach(settling, await namedDatabases(deps, run));
}

type Ask = (there: Settlement, asked: Asked) => Promise<readonly LedgerRow[]>;

/** Does one thing at an endpoint as it is now: one that was deleted while it was away is waited for no longer. */
function untilAnsweredNow(
  settling: Settling,
  endpoint: Endpoint,
  work: (now: Endpoint) => Promise<void>,
): Promise<boolean> {
  const { deps, ownership } = settling;
  const reader = deps.journal.reader(ownership.current.run.organizationUuid);
  return untilAnswered(settling, endpoint, async () => {
    const now = (await reader.endpointsByUuid([endpoint.uuid])).get(endpoint.uuid);
    if (now !== undefined) await work(now);
  });
}

/** What they have of the run, in the order in which they are asked; null when some database was left to others. */
async function askEach(
  settling: Settling,
  endpoints: readonly Endpoint[],
  ask: Ask,
): Promise<readonly LedgerRow[] | null> {
  const { deps, ownership } = settling;
  const of = { runUuid: ownership.current.run.uuid, installation: await deps.journal.installation() };
  const found: LedgerRow[] = [];
  for (const endpoint of endpoints) {
    const isAsked = await untilAnsweredNow(settling, endpoint, (now) =>
      withSettlement(deps, now, async (there) => void found.push(...(await ask(there, of)))),
    );
    if (!isAsked) return null;
  }
  return found;
}

/** Nothing has committed, and nothing will: no attempt of before begins anything more where the migration leads. */
async function fenceEach(settling: Settling, endpoints: readonly Endpoint[]): Promise<number | null> {
  const { deps, ownership } = settling;
  const { uuid: runUuid, migrationUuid, epoch } = ownership.current.run;
  const installation = await deps.journal.installation();
  let newest = 0;
  for (const endpoint of endpoints) {
    const isFenced = await untilAnsweredNow(settling, endpoint, (now) =>
      withSettlement(deps, now, async (there) => {
        await rollBackPrepared(there, { runUuid, installation });
        const { fence } = await there.raiseFence(runUuid, migrationUuid, epoch);
        newest = Math.max(newest, fence);
      }),
    );
    if (!isFenced) return null;
  }
  return newest;
}

/** Those that have committed the attempt, or have it prepared; null when some database was left to others. */
async function participantsOf(
  settling: Settling,
  endpoints: readonly Endpoint[],
  token: string,
): Promise<readonly Participant[] | null> {
  const found = new Map<string, Participant>();
  const gatesAt = await gatesByDatabase(settling);
  if (gatesAt === null) return null;
  for (const endpoint of endpoints) {
    const isAsked = await untilAnsweredNow(settling, endpoint, async (now) => {
      const row = await rowAt(settling, now, token);
      if (row === null || found.has(row.database.key)) return;
      const gates = gatesAt.get(row.database.key) ?? [];
      found.set(row.database.key, { row: { ...row, gates }, endpoint: now, session: null });
    });
    if (!isAsked) return null;
  }
  return [...found.values()].sort((one, other) => one.row.number - other.row.number);
}

/** Nothing is prepared of a last resource, so that each is as one that was. */
async function rowAt({ deps, ownership }: Settling, endpoint: Endpoint, token: string): Promise<RunParticipant | null> {
  const runUuid = ownership.current.run.uuid;
  const installation = await deps.journal.installation();
  const trace = await withSettlement(deps, endpoint, async (there) => {
    const prepared = await there.listPrepared(installation);
    const isOfRun = prepared.filter((each) => each.runUuid === runUuid);
    return [...isOfRun, ...(await there.readLedger(runUuid))].find((each) => each.token === token);
  });
  if (trace === undefined) return null;
  const database = await deps.targets.adapter(endpoint.kind).identify(endpoint);
  const { epoch, number } = trace;
  const preparedId = formatPreparedId({ installation, runUuid, epoch, number, token });
  return { number, endpointUuid: endpoint.uuid, database, preparedId, class: 'two-phase', gates: [] };
}

/** The APIs whose gates a run closes in each database: those that read there. Null when some database was left to others. */
async function gatesByDatabase(settling: Settling): Promise<ReadonlyMap<string, readonly Uuid[]> | null> {
  const { deps, ownership } = settling;
  const { organizationUuid, migrationUuid } = ownership.current.run;
  const { apis } = await loadWork(deps.journal.reader(organizationUuid), migrationUuid);
  const gates = new Map<string, Uuid[]>();
  for (const { member, readerEndpoints } of apis) {
    for (const endpoint of readerEndpoints.filter(({ kind }) => deps.targets.adapter(kind).capabilities.gates)) {
      const isKnown = await untilAnsweredNow(settling, endpoint, async (now) => {
        const { key } = await deps.targets.adapter(now.kind).identify(now);
        gates.set(key, [...new Set([...(gates.get(key) ?? []), member.api.uuid])]);
      });
      if (!isKnown) return null;
    }
  }
  return gates;
}
