import { createHash } from 'node:crypto';
import type {
  Endpoint,
  HistoryPlace,
  JsonObject,
  JsonValue,
  MigrationTool,
  SourceOptions,
  TargetPort,
} from '@eden/domain';
import { canonicalJson } from '@eden/domain';
import type { StatementRunner } from '../bindings/run-operations.js';

/** A tool's history as a database has it. */
export interface History {
  readonly place: HistoryPlace;
  readonly rows: readonly JsonObject[];
  /** Equal for two looks exactly if they saw the same. */
  readonly fingerprint: string;
}

/** Within whatever transaction the session has. */
export async function readHistory(
  session: StatementRunner,
  { history }: MigrationTool,
  options: SourceOptions,
): Promise<History> {
  const probed = await session.run(history.probe(options));
  const place = history.place(probed.rows[0] ?? {});
  const statement = history.rows(place);
  const rows = statement === null ? [] : (await session.run(statement)).rows;
  return { place, rows, fingerprint: fingerprintOf(place, rows) };
}

/** What other tables there are matters only where there is no history. */
function fingerprintOf(place: HistoryPlace, rows: readonly JsonObject[]): string {
  const { schema, table, columns } = place;
  const input: JsonValue = [schema, table, { ...columns }, rows.map((row) => ({ ...row }))];
  return createHash('sha256').update(canonicalJson(input)).digest('hex');
}

export interface LookLimits {
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** In a transaction of its own that only reads. @throws EdenError ENDPOINT_UNAVAILABLE, TEMPLATE_EXECUTION_FAILED */
export async function lookAtHistory(
  targets: TargetPort,
  endpoint: Endpoint,
  { tool, options }: { readonly tool: MigrationTool; readonly options: SourceOptions },
  limits: LookLimits,
): Promise<History> {
  const session = await targets
    .adapter(endpoint.kind)
    .openExecution(endpoint, { readOnly: true, gate: null, idleTimeoutMs: 0, ...limits });
  try {
    await session.enter();
    const history = await readHistory(session, tool, options);
    await session.commit();
    return history;
  } finally {
    await session.abandon();
  }
}
