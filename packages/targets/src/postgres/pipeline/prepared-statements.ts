import type { BoundText, BoundValue } from '@eden/domain';
import { serialize } from 'pg-protocol';
import type { RowDescription } from './row-description.js';

/** Each costs the server some memory in each session. */
const MOST_PREPARED = 32;

const [UNKNOWN, BOOL, INT8, INT4, NUMERIC] = [0, 16, 20, 23, 1700];
const INTEGER = /^-?\d+$/;
const [INT4_END, INT8_END] = [2n ** 31n, 2n ** 63n];

export interface PreparedStatement {
  readonly name: string;
  /** Null until the server has described it. */
  row: RowDescription | null;
}

/** The statements that one session has prepared, those not used for longest first. */
export class PreparedStatements {
  private readonly known = new Map<string, PreparedStatement>();
  private made = 0;

  /** The statement, and what has to be sent before it is called: nothing when it is prepared already. */
  use({ text, values }: BoundText): { readonly statement: PreparedStatement; readonly before: readonly Buffer[] } {
    const types = values.map(typeOf);
    const key = `${types.join(' ')}:${text}`;
    const found = this.known.get(key);
    const statement = found ?? { name: `eden_${(this.made += 1)}`, row: null };
    this.known.delete(key);
    this.known.set(key, statement);
    if (found !== undefined) return { statement, before: [] };
    return { statement, before: [...this.makeRoom(), serialize.parse({ name: statement.name, text, types })] };
  }

  private makeRoom(): readonly Buffer[] {
    const [oldest] = this.known;
    if (oldest === undefined || this.known.size <= MOST_PREPARED) return [];
    this.known.delete(oldest[0]);
    return [serialize.close({ type: 'S', name: oldest[1].name })];
  }
}

/**
 * The type that a value has when it is written into a statement: PostgreSQL then finds the very same operators and functions. A
 * text has none, and takes that of its place, like a literal.
 */
function typeOf(value: BoundValue): number {
  if (value === null || typeof value === 'string') return UNKNOWN;
  if (typeof value === 'boolean') return BOOL;
  const text = String(value);
  if (!INTEGER.test(text)) return NUMERIC;
  const number = BigInt(text);
  if (number >= -INT4_END && number < INT4_END) return INT4;
  return number >= -INT8_END && number < INT8_END ? INT8 : NUMERIC;
}

/** As a value travels: text, or null. */
export function textOf(value: BoundValue): string | null {
  return value === null ? null : String(value);
}
