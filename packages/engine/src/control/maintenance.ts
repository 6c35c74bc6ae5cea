import { isWindowOpen, windowOpensAt } from '@eden/domain';
import type { MaintenanceWindow, Run } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import { jitter } from './pacing.js';

/** How long a run that waits for its window is not looked at: it is called by a timer of the queue, which may be lost. */
const LONGEST_WAIT_MS = 600_000;

/** The maintenance window of the run's migration is closed: it goes on when that opens. */
export class HeldBack extends Error {
  override readonly name = 'HeldBack';

  constructor(
    /** For people. */
    readonly reason: string,
    /** When to look again. */
    readonly delayMs: number,
  ) {
    super(reason);
  }
}

/** What is undone, and what only looks, is done at any time. */
export async function windowOf(deps: EngineDeps, run: Run): Promise<MaintenanceWindow | null> {
  if (run.kind !== 'migrate') return null;
  const { options } = await deps.journal.reader(run.organizationUuid).migration(run.migrationUuid);
  return options.maintenance_window ?? null;
}

/** @throws HeldBack */
export function assertWindowOpen(deps: EngineDeps, window: MaintenanceWindow | null): void {
  const now = deps.clock.now();
  if (window === null || isWindowOpen(window, now)) return;
  const opensAt = windowOpensAt(window, now);
  const when = opensAt === null ? 'which never opens' : `which opens at ${opensAt.toISOString()}`;
  const untilMs = opensAt === null ? LONGEST_WAIT_MS : opensAt.getTime() - now.getTime();
  // Not before it opens, and those that wait for the same hour do not all come at once.
  const delayMs = Math.min(LONGEST_WAIT_MS, untilMs) + jitter(deps, SPREAD_MS);
  throw new HeldBack(`waits for its maintenance window, ${when}`, delayMs);
}

const SPREAD_MS = 1_000;
