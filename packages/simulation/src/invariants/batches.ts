import { backfillOf, type DoneBatch } from '../targets/backfills.js';
import type { StepRow } from '../targets/step-row.js';
import type { TargetDatabase } from '../targets/target-database.js';
import type { Work } from '../targets/work.js';

/** What is wrong with the batches of a database behind a commit (protocol I38). */
export function wrongBatches(database: TargetDatabase, work: Work): readonly string[] {
  return work.batches.flatMap((batch) => wrongBatch(database, batch));
}

function wrongBatch(database: TargetDatabase, batch: DoneBatch): readonly string[] {
  const done = database.backfills.keysDone(batch);
  const name = `${backfillOf(batch)} in ${database.name}`;
  const row = stepOf(database, batch);
  if (row !== undefined && row.state !== 'doing' && row.state !== 'done')
    return [`${name} has a batch although it is ${row.state}`];
  return [
    ...(new Set(done).size === done.length ? [] : [`${name} has done rows twice: ${done.join(', ')}`]),
    ...wrongPlace(name, done, row?.batches ?? { after: null, rows: 0 }),
  ];
}

/** A checkpoint is neither ahead of its rows nor behind them. */
function wrongPlace(name: string, done: readonly number[], { after, rows }: NonNullable<StepRow['batches']>) {
  if (rows === done.length && after === (done.at(-1) ?? null)) return [];
  return [
    `${name} has done ${done.length} rows up to ${done.at(-1) ?? 0}, and its checkpoint says ${rows} up to ${String(after)}`,
  ];
}

/** The only one of its run that has any. */
function stepOf({ steps }: TargetDatabase, { run }: DoneBatch): StepRow | undefined {
  return [...steps].find(([key, { batches }]) => key.startsWith(`${run}/`) && batches !== null)?.[1];
}
