import type { SourceRow } from '../control/tables.js';
import * as server from '../targets/procedures.js';
import type { Procedure, TargetSession } from '../targets/target-session.js';
import { SIMULATED_SOURCES } from './simulated-tool.js';

const NO_PLACE = { database: '', user: '', schema: '', schemaExists: true, columns: {}, siblings: [] };

/** What a tool does that somebody runs beside the service: its first pending file and its row, in one transaction. */
export function* applyByHand(
  session: TargetSession,
  { files, options }: SourceRow,
  { lockTimeoutMs }: { readonly lockTimeoutMs: number },
): Procedure<void> {
  const { read, record } = SIMULATED_SOURCES.tool('dbmate');
  const limits = { readOnly: false, lockTimeoutMs, timeoutMs: Infinity };
  const place = { ...NO_PLACE, table: options.table ?? '' };
  for (const { text } of [...record.lock(place), ...record.create(place)]) yield* server.execute(session, text, limits);
  const versions = JSON.stringify({ op: 'versions', table: place.table });
  const { rows } = yield* server.execute(session, versions, limits);
  const noted = rows.map(({ version }) => version);
  const next = read(files, options).migrations.find(({ version }) => !noted.includes(version));
  if (next === undefined) return;
  yield* server.execute(session, next.up, limits);
  for (const { text } of record.applied(place, next, { id: '', executionTimeMs: 0, deployment: '' })) {
    yield* server.execute(session, text, limits);
  }
  yield* server.commitOpen(session, 'tool by hand');
}
