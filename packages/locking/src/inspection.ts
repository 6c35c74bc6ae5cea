import type { Lockable, LockMode, LockParticipant, LockResource, LockView } from '@eden/domain';
import type { Redis } from 'ioredis';
import { decodeClaim, decodeHolder, toParticipant, type Claim } from './claim.js';
import type { Masters } from './masters.js';
import { keyName, userCountKey } from './names.js';

/** What one master knows of one resource. */
interface MasterState {
  readonly writer: string | null;
  readonly readers: readonly string[];
  readonly intent: string | null;
  readonly waiting: readonly string[];
}

/** Who stood in the way, as the timeout's error shows it (wire spelling). */
export interface Blocker {
  readonly process: string;
  readonly purpose: string;
  readonly since: string;
  readonly mode: LockMode;
  readonly fence?: number;
}

/**
 * Holders are those whom most of the answering masters know; a minority may still remember an attempt that failed.
 * @throws EdenError SERVICE_UNAVAILABLE when no quorum of masters answers.
 */
export async function inspectLock(
  masters: Masters,
  resource: LockResource,
  ownCount: (claimId: string) => number | undefined,
): Promise<LockView> {
  const states = await masters.quorumAnswers((master) => readState(master, resource));
  const writers = knownToMost(states.map(writersOf)).map(decodeHolder);
  const readers = knownToMost(states.map((state) => state.readers)).map(decodeHolder);
  const waiting = distinct(states.flatMap((state) => state.waiting).map(decodeClaim));
  const told = await toldCounts(masters, resource, readers);
  const holders = new Set([...writers, ...readers].map(({ id }) => id));
  return {
    resource,
    writer: writers.map((claim) => toParticipant(claim, 1))[0] ?? null,
    readers: inOrder(readers, ({ id }) => ownCount(id) ?? told.get(id) ?? 1),
    waiting: inOrder(waiting.filter(({ id }) => !holders.has(id))),
  };
}

/**
 * Everybody whom some master knows to be in the way of this claim: the holders, and for a reader also the writer that
 * waits. Best effort: nobody when no master answers.
 */
export async function findBlockers(masters: Masters, resources: readonly Lockable[], claim: Claim): Promise<Blocker[]> {
  const states = await Promise.all(
    resources.map((resource) => masters.answers((master) => readState(master, resource))),
  );
  const claims = states.flat().flatMap((state) => claimsInTheWay(state, claim.mode));
  return distinct(claims)
    .filter(({ id }) => id !== claim.id)
    .sort((a, b) => a.since - b.since)
    .map(toBlocker);
}

function claimsInTheWay(state: MasterState, mode: LockMode): Claim[] {
  const writers = writersOf(state).map(decodeHolder);
  if (mode === 'write') return [...writers, ...state.readers.map(decodeHolder)];
  return [...writers, ...(state.intent === null ? [] : [decodeClaim(state.intent)])];
}

async function readState(master: Redis, resource: Lockable): Promise<MasterState> {
  const [time, writer, readers, intent, waiting] = await Promise.all([
    master.time(),
    master.get(keyName(resource, 'writer')),
    master.zrange(keyName(resource, 'readers'), '0', '-1', 'WITHSCORES'),
    master.get(keyName(resource, 'intent')),
    master.zrange(keyName(resource, 'waiting'), '0', '-1', 'WITHSCORES'),
  ]);
  const nowMs = Number(time[0]) * 1000 + Number(time[1]) / 1000;
  return { writer, intent, readers: alive(readers, nowMs), waiting: alive(waiting, nowMs) };
}

/** Members of a `member, expiry, member, expiry, …` reply that have not expired. */
function alive(membersWithExpiry: readonly string[], nowMs: number): string[] {
  return membersWithExpiry.filter((_, index) => index % 2 === 0 && Number(membersWithExpiry[index + 1]) > nowMs);
}

function writersOf(state: MasterState): string[] {
  return state.writer === null ? [] : [state.writer];
}

function knownToMost(valuesByMaster: readonly (readonly string[])[]): string[] {
  const counts = new Map<string, number>();
  for (const value of valuesByMaster.flat()) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > valuesByMaster.length / 2).map(([value]) => value);
}

function distinct(claims: readonly Claim[]): Claim[] {
  return [...new Map(claims.map((claim) => [claim.id, claim])).values()];
}

/** How many readers the other processes had behind their leases a moment ago, by claim. */
async function toldCounts(
  masters: Masters,
  resource: LockResource,
  readers: readonly Claim[],
): Promise<ReadonlyMap<string, number>> {
  if (readers.length === 0) return new Map();
  const keys = readers.map(({ id }) => userCountKey(resource, id));
  const answers = await masters.answers((master) => master.mget(keys));
  const told = readers.flatMap(({ id }, index) => {
    const counts = answers.flatMap((answer) => answer[index] ?? []).map(Number);
    return counts.length === 0 ? [] : [[id, Math.max(...counts)] as const];
  });
  return new Map(told);
}

/** Those who came first, first; by name within the same millisecond. */
function inOrder(claims: readonly Claim[], countOf: (claim: Claim) => number = () => 1): LockParticipant[] {
  const order = (a: Claim, b: Claim): number => a.since - b.since || a.process.localeCompare(b.process);
  return [...claims].sort(order).map((claim) => toParticipant(claim, countOf(claim)));
}

function toBlocker({ process, purpose, since, mode, fence }: Claim): Blocker {
  const blocker = { process, purpose, since: new Date(since).toISOString(), mode };
  return fence === undefined ? blocker : { ...blocker, fence };
}
