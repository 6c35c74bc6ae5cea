import { serialize } from 'pg-protocol';
import { LEFT_BEHIND, RESETS_OF_OWN_SESSION } from '../session-reset.js';
import { GATE_BY_VALUE, TRY_LOCK_BY_VALUE } from '../gate.js';
import { SOON_MS } from './limits.js';

const [INT8, UUID, FLOAT8] = [20, 2950, 701];

/** A statement of ours, which a session prepares once under the name that it has everywhere. */
export interface FixedStatement {
  readonly name: string;
  readonly text: string;
  readonly types: readonly number[];
  /** Number of columns of its row; null: it has none. */
  readonly columns: number | null;
}

export const BEGIN: FixedStatement = {
  name: 'eden_begin',
  text: 'BEGIN ISOLATION LEVEL READ COMMITTED, READ ONLY',
  types: [],
  columns: null,
};

export const LIMITS: FixedStatement = {
  name: 'eden_limits',
  text: `SELECT pg_catalog.set_config('lock_timeout', '${SOON_MS}', true), pg_catalog.set_config('statement_timeout', '${SOON_MS}', true)`,
  types: [],
  columns: 2,
};

export const TRY_LOCK: FixedStatement = {
  name: 'eden_try_lock',
  text: TRY_LOCK_BY_VALUE,
  types: [INT8],
  columns: 1,
};

export const GATE: FixedStatement = { name: 'eden_gate', text: GATE_BY_VALUE, types: [UUID], columns: 2 };

export const RESETS: readonly FixedStatement[] = RESETS_OF_OWN_SESSION.map((text, index) => ({
  name: `eden_reset_${index}`,
  text,
  types: [],
  columns: null,
}));

/** Opened before the statement of the read, and asked behind it. */
export const LEFT: FixedStatement = { name: 'eden_left', text: LEFT_BEHIND, types: [FLOAT8], columns: 3 };

export const COMMIT: FixedStatement = { name: 'eden_commit', text: 'COMMIT', types: [], columns: null };

export function prepare(statements: readonly FixedStatement[]): Buffer {
  return Buffer.concat(statements.map(({ name, text, types }) => serialize.parse({ name, text, types: [...types] })));
}

/** Its whole call: the values, and that it is to run. */
export function call(statement: Named, values: readonly (string | null)[] = []): Buffer {
  return Buffer.concat([open(statement, values), RUN_OPENED]);
}

/** Begins the call of a statement in the unnamed portal, into which SQL can put nothing else: its cursors have names. */
export function open({ name }: Named, values: readonly (string | null)[] = []): Buffer {
  return serialize.bind({ statement: name, values: [...values] });
}

/** Runs what was opened last in the unnamed portal. */
export const RUN_OPENED = serialize.execute();

type Named = Pick<FixedStatement, 'name'>;
