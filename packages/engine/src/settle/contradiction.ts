import { describeContradiction } from '@eden/domain';
import type { Contradiction, RunStanding, Uuid } from '@eden/domain';
import type { EngineDeps } from '../deps.js';

/** Tells once, by event, metric and log, what a target says otherwise than the control database. The run stays as it is. */
export async function contradict(
  deps: EngineDeps,
  runUuid: Uuid,
  run: RunStanding | undefined,
  contradiction: Contradiction,
): Promise<void> {
  const isNew = run === undefined || (await deps.journal.noteContradiction(runUuid, contradiction));
  if (isNew) deps.telemetry.runContradicted({ run: runUuid, ...describeContradiction(contradiction) });
}
