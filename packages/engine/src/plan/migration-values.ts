import type { JsonObject, Run } from '@eden/domain';
import type { MigrationWork, SYSTEM_NAMES } from '@eden/work';

export function systemValues(
  work: MigrationWork,
  run: Run,
  startedAt: Date,
): Record<(typeof SYSTEM_NAMES)[number], string | number> {
  return {
    id: work.migration.id,
    uuid: work.migration.uuid,
    run_uuid: run.uuid,
    started_at: startedAt.toISOString(),
    actor: run.actor,
    attempt: run.attempt,
  };
}

/** The run's own sources of `migration.*`, in the order of lookup; outputs stand between the first and the second. */
export interface RunValues {
  readonly system: JsonObject;
  readonly overrides: JsonObject;
  readonly parameters: JsonObject;
}
