import { setTimeout as delay } from 'node:timers/promises';
import { V1MicroTime, type V1Lease } from '@kubernetes/client-node';
import type { Logger } from '@eden/domain';
import type { Cluster } from '../kubernetes/cluster.js';
import { describeFailure, isConflict } from '../kubernetes/errors.js';
import type { ObjectKey } from '../resources/objects.js';

export interface Candidate {
  readonly cluster: Pick<Cluster, 'readLease' | 'createLease' | 'replaceLease'>;
  readonly lease: ObjectKey;
  /** Of this process: no other may have it. */
  readonly identity: string;
  readonly durationMs: number;
  readonly log: Logger;
}

/** Who leads for as long as it is not lost. */
export interface Leadership {
  /** Aborted when the lease could not be renewed in time: somebody else may lead by now. */
  readonly lost: AbortSignal;
  /** Ends the renewals and lets the next one begin at once. */
  resign(): Promise<void>;
}

const MS_PER_SECOND = 1000;
/** Fractions of the lease: how often it is asked for or renewed, and when a holder that cannot renew gives up. */
const ASK = 1 / 6;
const RENEW_DEADLINE = 2 / 3;

/** A lease as it was when it last changed, by our own clock: the holder's clock may be wrong. */
interface Observation {
  readonly state: string;
  readonly atMs: number;
}

/** Resolves when this process leads; null when the signal is aborted first. */
export async function lead(candidate: Candidate, signal: AbortSignal): Promise<Leadership | null> {
  const { durationMs, log } = candidate;
  let seen: Observation | null = null;
  while (!signal.aborted) {
    try {
      const current = await candidate.cluster.readLease(candidate.lease);
      seen = observe(current, seen);
      const askedAtMs = performance.now();
      if (await take(candidate, current, seen)) return hold(candidate, askedAtMs);
    } catch (error) {
      if (!isConflict(error)) log.warn('lease not taken', { reason: describeFailure(error) });
    }
    await delay(durationMs * ASK, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

function observe(lease: V1Lease | null, seen: Observation | null): Observation | null {
  if (lease === null) return null;
  // The time is compared as a text, never with a clock; it is read as one, too, although its type says otherwise.
  const { holderIdentity, renewTime, leaseTransitions } = lease.spec ?? {};
  const state = JSON.stringify([holderIdentity, renewTime, leaseTransitions]);
  return seen?.state === state ? seen : { state, atMs: performance.now() };
}

/** Whether it is ours now. @throws ApiException 409 when somebody else was faster */
async function take(candidate: Candidate, current: V1Lease | null, seen: Observation | null): Promise<boolean> {
  const { cluster, lease, identity } = candidate;
  if (current === null) {
    await cluster.createLease(lease.namespace, { metadata: { name: lease.name }, spec: termOf(candidate, 0) });
    return true;
  }
  if (!isFree(current, identity) && !hasRunOut(current, seen)) return false;
  const transitions = current.spec?.leaseTransitions ?? 0;
  await cluster.replaceLease(lease, { ...current, spec: termOf(candidate, transitions + 1) });
  return true;
}

function isFree({ spec }: V1Lease, identity: string): boolean {
  return [undefined, '', identity].includes(spec?.holderIdentity);
}

function hasRunOut({ spec }: V1Lease, seen: Observation | null): boolean {
  const silentMs = seen === null ? 0 : performance.now() - seen.atMs;
  return silentMs >= (spec?.leaseDurationSeconds ?? 0) * MS_PER_SECOND;
}

function termOf({ identity, durationMs }: Candidate, leaseTransitions: number): NonNullable<V1Lease['spec']> {
  const now = new V1MicroTime();
  const leaseDurationSeconds = Math.ceil(durationMs / MS_PER_SECOND);
  return { holderIdentity: identity, leaseDurationSeconds, acquireTime: now, renewTime: now, leaseTransitions };
}

/** Renews until resigned or lost. A renewal counts from when it was asked for: its answer may have been on its way for long. */
function hold(candidate: Candidate, takenAtMs: number): Leadership {
  const lost = new AbortController();
  const resigned = new AbortController();
  const deadlineMs = candidate.durationMs * RENEW_DEADLINE;
  let renewedAtMs = takenAtMs;
  const expiry = setInterval(
    () => {
      if (performance.now() - renewedAtMs > deadlineMs) lose(`not renewed for ${Math.round(deadlineMs)} ms`);
    },
    candidate.durationMs * (ASK / 2),
  );
  const lose = (reason: string): void => {
    clearInterval(expiry);
    if (!resigned.signal.aborted) lost.abort(new Error(`The lease is lost: ${reason}`));
  };
  const renewing = renewUntil(candidate, AbortSignal.any([lost.signal, resigned.signal]), {
    onRenewed: (askedAtMs) => (renewedAtMs = askedAtMs),
    onTaken: (holder) => lose(`${holder} has taken it`),
  });
  return {
    lost: lost.signal,
    resign: async () => {
      resigned.abort();
      clearInterval(expiry);
      await renewing;
      if (!lost.signal.aborted) await giveBack(candidate);
    },
  };
}

interface RenewalEvents {
  readonly onRenewed: (askedAtMs: number) => void;
  readonly onTaken: (holder: string) => void;
}

async function renewUntil(candidate: Candidate, signal: AbortSignal, events: RenewalEvents): Promise<void> {
  for (;;) {
    await delay(candidate.durationMs * ASK, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const askedAtMs = performance.now();
    try {
      const holder = await renew(candidate);
      if (holder !== candidate.identity) return events.onTaken(holder);
      events.onRenewed(askedAtMs);
    } catch (error) {
      if (!isConflict(error)) candidate.log.warn('lease not renewed', { reason: describeFailure(error) });
    }
  }
}

/** Resolves to who holds it. */
async function renew({ cluster, lease, identity, durationMs }: Candidate): Promise<string> {
  const current = await cluster.readLease(lease);
  const { holderIdentity = '', ...spec } = current?.spec ?? {};
  if (current === null || holderIdentity !== identity) return holderIdentity === '' ? 'nobody' : holderIdentity;
  const leaseDurationSeconds = Math.ceil(durationMs / MS_PER_SECOND);
  const renewed = { ...spec, holderIdentity, leaseDurationSeconds, renewTime: new V1MicroTime() };
  await cluster.replaceLease(lease, { ...current, spec: renewed });
  return identity;
}

/** The next one need not wait for the lease to run out. That it could not be told is no trouble: it then waits. */
async function giveBack({ cluster, lease, identity, log }: Candidate): Promise<void> {
  try {
    const current = await cluster.readLease(lease);
    if (current?.spec?.holderIdentity !== identity) return;
    const spec = { ...current.spec, holderIdentity: '', renewTime: new V1MicroTime() };
    await cluster.replaceLease(lease, { ...current, spec });
  } catch (error) {
    log.warn('lease not given back', { reason: describeFailure(error) });
  }
}
