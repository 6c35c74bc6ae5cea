import type { BatchCheckpoint, JsonObject, JsonValue, KnownRun, OutsideSpec } from '@eden/domain';
import { literal, whole } from '../sql.js';

/** Of each object that a statement is about, a digest of its definition from before it was sent; null: it was not there. */
export type Definitions = readonly (string | null)[];

/** Of batches that have committed; how many of them is the row's `position`. */
interface BatchNote {
  readonly after: JsonValue;
  readonly rows: number;
}

/** Its place among the notes. */
const BATCHES = 'batches';

/** The row of a step as it is in its target. */
export interface StepRow {
  readonly epoch: number;
  readonly state: 'doing' | 'done' | 'undoing' | 'undone';
  readonly position: number;
  readonly undone: number;
  /** By the place of the statement; those of the undoing begin with `u`. Of what the server has refused nothing is left. */
  readonly note: Readonly<Record<string, Definitions>>;
  /** Of a step in batches: what the latest one has come to. */
  readonly reached: BatchNote | null;
}

type Key = Pick<OutsideSpec, 'runUuid' | 'number'>;

function whereOf({ runUuid, number }: Key): string {
  return `run_uuid = ${literal(runUuid)} AND number = ${whole(number)}`;
}

/** The row stays as it is when somebody newer has it, or takes it back. */
export function enterDoingSql(spec: OutsideSpec): string {
  return `${insertSql(spec, 'doing')} epoch = IF(state IN ('doing', 'done'), GREATEST(epoch, VALUES(epoch)), epoch)`;
}

/** Also where nothing was begun: a try that comes late finds that it was taken back. Set from left to right. */
export function enterUndoingSql(spec: OutsideSpec): string {
  return `${insertSql(spec, 'undone')} state = IF(epoch <= VALUES(epoch) AND state <> 'undone', 'undoing', state),
    epoch = GREATEST(epoch, VALUES(epoch))`;
}

function insertSql({ runUuid, number, epoch }: OutsideSpec, state: StepRow['state']): string {
  return `INSERT INTO _eden_step (run_uuid, number, epoch, state)
    VALUES (${literal(runUuid)}, ${whole(number)}, ${whole(epoch)}, ${literal(state)}) ON DUPLICATE KEY UPDATE`;
}

export function readStepSql(spec: Key): string {
  return `SELECT epoch, state, position, undone, note FROM _eden_step WHERE ${whereOf(spec)}`;
}

export function checkpointIn({ state, position, reached }: StepRow): BatchCheckpoint {
  return { ...(reached ?? { after: null, rows: 0 }), batches: position, isDone: state === 'done' };
}

/** Hits no row when somebody newer has the step, or takes it back. A step that has found nothing has left nothing either. */
export function checkpointSql(spec: OutsideSpec, { after, rows, batches, isDone }: BatchCheckpoint): string {
  const note = batches === 0 ? {} : { [BATCHES]: { after, rows } satisfies BatchNote };
  return `UPDATE _eden_step SET position = ${whole(batches)}, note = ${literal(JSON.stringify(note))}${isDone ? ", state = 'done'" : ''}
    WHERE ${whereOf(spec)} AND epoch = ${whole(spec.epoch)} AND state = 'doing'`;
}

/** The session has the step for itself, so what it knows of the notes is what is there. */
export function noteSql(spec: Key, note: StepRow['note']): string {
  return `UPDATE _eden_step SET note = ${literal(JSON.stringify(note))} WHERE ${whereOf(spec)}`;
}

export function advanceSql(spec: Key, column: 'position' | 'undone', value: number): string {
  return `UPDATE _eden_step SET ${column} = ${whole(value)} WHERE ${whereOf(spec)}`;
}

export function endSql(spec: Key, state: 'done' | 'undone'): string {
  return `UPDATE _eden_step SET state = ${literal(state)} WHERE ${whereOf(spec)}`;
}

export function deleteStepsSql({ uuid, epoch }: KnownRun): string {
  return `DELETE FROM _eden_step WHERE run_uuid = ${literal(uuid)} AND epoch <= ${whole(epoch)}`;
}

export function stepRow(row: JsonObject | undefined): StepRow | null {
  if (row === undefined) return null;
  const { [BATCHES]: reached, ...note } = JSON.parse(String(row['note'])) as Record<string, unknown>;
  return {
    epoch: Number(row['epoch']),
    state: row['state'] as StepRow['state'],
    position: Number(row['position']),
    undone: Number(row['undone']),
    note: note as StepRow['note'],
    reached: (reached as BatchNote | undefined) ?? null,
  };
}
