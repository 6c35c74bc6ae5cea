import type { BatchCheckpoint, JsonValue, OutsideSpec } from '@eden/domain';
import { escapeLiteral, type QueryResult } from 'pg';
import { whole } from '../fence.js';

/** Which index it is; in rows of earlier versions its `oid` alone. */
export interface BuiltAs {
  readonly oid: string;
  readonly definition: string;
  /** Oid of its table. */
  readonly table: string;
}

/** An index as it was found before it was built, and what the latest try has left, once that is known. */
export interface IndexNote extends Partial<BuiltAs> {
  readonly schema: string;
  readonly name: string;
  /** Something of that name was there: it is not ours. */
  readonly existed: boolean;
}

/** What a REINDEX CONCURRENTLY found there that earlier ones had left. */
export interface ReindexNote {
  readonly begun: true;
  readonly leftovers: readonly string[];
}

/** What is known of a statement that cannot be in a transaction, from before it was sent. */
export type PieceNote = { readonly index: IndexNote } | ReindexNote | { readonly begun: true } | BatchNote;

/** Of batches that have committed; how many of them is the row's `position`. */
interface BatchNote {
  readonly after: JsonValue;
  readonly rows: number;
}

/** Its place among the notes. */
const BATCHES = 'batches';

/** The row of a step as it is in its target. */
export interface StepRow {
  readonly state: 'doing' | 'done' | 'undoing' | 'undone';
  readonly position: number;
  readonly undone: number;
  readonly recorded: boolean;
  /** By the place of the statement; those of the undoing begin with `u`. */
  readonly note: Readonly<Record<string, PieceNote>>;
}

type Key = Pick<OutsideSpec, 'runUuid' | 'number'>;

const COLUMNS = 'state, position, undone, recorded, note';

function whereOf({ runUuid, number }: Key): string {
  return `run_uuid = ${escapeLiteral(runUuid)} AND number = ${whole(number)}`;
}

/** No row is answered when somebody newer has it, or takes it back. */
export function enterDoingSql({ runUuid, number, epoch }: OutsideSpec): string {
  return `INSERT INTO _eden.step AS step (run_uuid, number, epoch, state)
    VALUES (${escapeLiteral(runUuid)}, ${whole(number)}, ${whole(epoch)}, 'doing')
    ON CONFLICT (run_uuid, number) DO UPDATE SET epoch = excluded.epoch
      WHERE step.epoch <= excluded.epoch AND step.state IN ('doing', 'done')
    RETURNING ${COLUMNS}`;
}

/** Also where nothing was begun: a try that comes late finds that it was taken back. */
export function enterUndoingSql({ runUuid, number, epoch }: OutsideSpec): string {
  return `INSERT INTO _eden.step AS step (run_uuid, number, epoch, state)
    VALUES (${escapeLiteral(runUuid)}, ${whole(number)}, ${whole(epoch)}, 'undone')
    ON CONFLICT (run_uuid, number) DO UPDATE SET epoch = excluded.epoch,
      state = CASE step.state WHEN 'undone' THEN 'undone' ELSE 'undoing' END
      WHERE step.epoch <= excluded.epoch
    RETURNING ${COLUMNS}`;
}

export function checkpointIn({ state, position, note }: StepRow): BatchCheckpoint {
  const noted = note[BATCHES];
  const { after, rows } = noted !== undefined && 'after' in noted ? noted : { after: null, rows: 0 };
  return { after, rows, batches: position, isDone: state === 'done' };
}

/** Hits no row when somebody newer has the step, or takes it back. A step that has found nothing has left nothing either. */
export function checkpointSql(spec: OutsideSpec, { after, rows, batches, isDone }: BatchCheckpoint): string {
  const noted = batches === 0 ? {} : { [BATCHES]: { after, rows } satisfies BatchNote };
  const ended = isDone ? `, state = 'done', recorded = true` : '';
  return `UPDATE _eden.step SET position = ${whole(batches)}, note = note || ${escapeLiteral(JSON.stringify(noted))}::jsonb${ended}
    WHERE ${whereOf(spec)} AND epoch = ${whole(spec.epoch)} AND state = 'doing'`;
}

/** The newest epoch that has had the step. */
export function epochSql(spec: OutsideSpec): string {
  return `SELECT epoch FROM _eden.step WHERE ${whereOf(spec)}`;
}

export function noteSql(spec: Key, place: string, note: PieceNote): string {
  const noted = JSON.stringify({ [place]: note });
  return `UPDATE _eden.step SET note = note || ${escapeLiteral(noted)}::jsonb WHERE ${whereOf(spec)}`;
}

/** The server has refused the statement: nothing was done. */
export function forgetSql(spec: Key, place: string): string {
  return `UPDATE _eden.step SET note = note - ${escapeLiteral(place)} WHERE ${whereOf(spec)}`;
}

export function advanceSql(spec: Key, column: 'position' | 'undone', value: number): string {
  return `UPDATE _eden.step SET ${column} = ${whole(value)} WHERE ${whereOf(spec)}`;
}

export function endSql(spec: Key, state: 'done' | 'undone'): string {
  return `UPDATE _eden.step SET state = '${state}', recorded = ${state === 'done'} WHERE ${whereOf(spec)}`;
}

/** In milliseconds since the row was written first. */
export function elapsedSql(spec: Key): string {
  return `SELECT (extract(epoch FROM clock_timestamp() - begun_at) * 1000)::float8 AS elapsed_ms FROM _eden.step WHERE ${whereOf(spec)}`;
}

export function stepRow(result: QueryResult | undefined): StepRow | null {
  return (result?.rows[0] as StepRow | undefined) ?? null;
}
