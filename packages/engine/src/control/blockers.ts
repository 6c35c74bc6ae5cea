import { cutWords } from '@eden/domain';
import type { Blocked, Blocker, ErrorContext } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import { isLost } from './failure.js';
import type { Ownership } from './ownership.js';

/** Told that somebody's lock is in the way. */
export type BlockedReport = (blocked: Blocked) => void;

/** The same blockers are named again after this long, so that whoever looks later sees that they are still there. */
const REPEAT_MS = 10_000;

/** On a busy table they change with every look: this often is enough. */
const LEAST_PAUSE_MS = 1_000;

/** Writes into the run's history who is in the way, endpoint by endpoint, when it changes and now and then. */
export function reportBlocked(deps: EngineDeps, ownership: Ownership): BlockedReport {
  const latest = new Map<string, { readonly blockers: string; readonly at: number }>();
  return (blocked) => {
    const blockers = namesOf(blocked.blockers);
    const last = latest.get(blocked.endpoint_id);
    const pauseMs = blockers === last?.blockers ? REPEAT_MS : LEAST_PAUSE_MS;
    if (last !== undefined && deps.clock.elapsedMs() - last.at < pauseMs) return;
    latest.set(blocked.endpoint_id, { blockers, at: deps.clock.elapsedMs() });
    const data = { ...blocked, reason: reasonOf(blocked) };
    deps.journal.recordEvent(ownership.current, 'blocked', data).catch((error: unknown) => {
      if (!isLost(error)) deps.telemetry.log.warn('blocked, and not noted', { ...data, error });
    });
  };
}

/** What the error of a wait that ran out says of it. Whoever was not seen in time is not named. */
export function blockedOf(context: ErrorContext): Blocked {
  return { blockers: [], ...(context as Partial<Blocked> & Pick<Blocked, 'endpoint_id'>) };
}

function namesOf(blockers: readonly Blocker[]): string {
  return JSON.stringify(blockers.map(({ pid, prepared_id }) => [pid, prepared_id]).sort());
}

/** Who is in the way; without their queries, which stand beside it. */
function reasonOf({ endpoint_id, blockers, lock_timeout_ms }: Blocked): string {
  const [first, ...others] = blockers.map(
    ({ pid, user, prepared_id }) => prepared_id ?? `process ${pid ?? '?'}${user === null ? '' : ` of ${user}`}`,
  );
  const time = lock_timeout_ms === undefined ? '' : ` for ${lock_timeout_ms} ms at a time`;
  const holders = first === undefined ? 'others' : `${first}${others.length === 0 ? '' : ` and ${others.length} more`}`;
  return cutWords(`waits at ${endpoint_id}${time} for a lock of ${holders}`);
}
