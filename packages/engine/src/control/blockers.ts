import type { ErrorContext } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import { isLost } from './failure.js';
import type { Ownership } from './ownership.js';

/** Told that somebody's lock is in the way: context `endpoint_id` and `blockers`, as in the errors of the target. */
export type BlockedReport = (context: ErrorContext) => void;

/** The same blockers are named again after this long, so that whoever looks later sees that they are still there. */
const REPEAT_MS = 10_000;

/** On a busy table they change with every look: this often is enough. */
const LEAST_PAUSE_MS = 1_000;

/** Writes into the run's history who is in the way, endpoint by endpoint, when it changes and now and then. */
export function reportBlocked(deps: EngineDeps, ownership: Ownership): BlockedReport {
  const latest = new Map<unknown, { readonly blockers: string; readonly at: number }>();
  return (context) => {
    const blockers = namesOf(context['blockers']);
    const last = latest.get(context['endpoint_id']);
    const pauseMs = blockers === last?.blockers ? REPEAT_MS : LEAST_PAUSE_MS;
    if (last !== undefined && deps.clock.elapsedMs() - last.at < pauseMs) return;
    latest.set(context['endpoint_id'], { blockers, at: deps.clock.elapsedMs() });
    deps.journal.recordEvent(ownership.current, 'blocked', context).catch((error: unknown) => {
      if (!isLost(error)) deps.telemetry.log.warn('blocked, and not noted', { ...context, reason: String(error) });
    });
  };
}

function namesOf(blockers: unknown): string {
  const known = Array.isArray(blockers) ? (blockers as Record<string, unknown>[]) : [];
  return JSON.stringify(known.map(({ pid, prepared_id }) => [pid, prepared_id]).sort());
}
