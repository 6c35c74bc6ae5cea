import type { BatchCheckpoint, JsonValue } from '@eden/domain';

/** An index as it was found before it was built. */
export interface IndexNote {
  /** Something of that name was there: it is not ours. */
  readonly existed: boolean;
  /** Of what the latest try has left, once that is known: another one of that name is somebody else's. */
  readonly id?: number;
}

/** How far a step outside the transaction has got, as its database has it (packages/targets/src/postgres/outside/step-row.ts). */
export interface StepRow {
  readonly epoch: number;
  readonly state: 'doing' | 'done' | 'undoing' | 'undone';
  /** Statements that are done, or batches; and those that take them back. */
  readonly position: number;
  readonly undone: number;
  /** What a tool's history says of it is written. */
  readonly recorded: boolean;
  /** Of the statements that build an index, by their places. */
  readonly indexes: Readonly<Record<number, IndexNote>>;
  /** Behind which the next batch starts, and how many rows those before it have changed. */
  readonly batches: { readonly after: JsonValue; readonly rows: number } | null;
}

export const NOTHING_DONE = { position: 0, undone: 0, recorded: false, indexes: {}, batches: null } as const;

export function checkpointIn({ state, position, batches }: StepRow): BatchCheckpoint {
  const { after, rows } = batches ?? { after: null, rows: 0 };
  return { after, rows, batches: position, isDone: state === 'done' };
}

/** The row behind a batch. A step that has found nothing has left nothing either. */
export function withCheckpoint(row: StepRow, { after, rows, batches, isDone }: BatchCheckpoint): StepRow {
  const noted = batches === 0 ? row.batches : { after, rows };
  const ended = isDone ? ({ state: 'done', recorded: true } as const) : {};
  return { ...row, position: batches, batches: noted, ...ended };
}
