import { migrationStateError } from './migration.js';
import type { Migration } from './migration.js';
import type { RunKind } from './run.js';
import { RUNNABLE_FROM } from './run-outcomes.js';

const SUGGESTIONS: Readonly<Record<RunKind, string>> = {
  sync: 'Create a new migration, or roll this one back first',
  migrate: 'Run sync first: only a pending, synced migration can be run',
  rollback: 'Only a completed migration can be rolled back',
};

/** @throws EdenError MIGRATION_STATE when a run of this kind cannot start from the state. */
export function assertRunnable(
  { state }: Pick<Migration, 'state'>,
  kind: RunKind,
  suggestion: string = SUGGESTIONS[kind],
): void {
  const from: readonly Migration['state'][] = RUNNABLE_FROM[kind];
  if (!from.includes(state)) throw migrationStateError(state, suggestion);
}
