import type { JsonObject, JsonValue } from '@eden/domain';
import { HEADER_BYTES } from '../guard/frame-reader.js';
import type { RowWork } from '../guard/row-work.js';
import { checkedValue } from '../values.js';

/** Table, number, type, size, modifier and format of a column, behind its name. */
const COLUMN_TAIL_BYTES = 18;
const TYPE_OFFSET = 6;
const COUNT_BYTES = 2;
const NULL_LENGTH = -1;

interface Column {
  readonly name: string;
  readonly typeOid: number;
}

/** What the rows of a statement hold, as the server has described it. Frames have the shape of their kind (guard/messages.ts). */
export class RowDescription {
  constructor(private readonly columns: readonly Column[]) {}

  /** @param frame A message RowDescription. */
  static of(frame: Buffer): RowDescription {
    const columns: Column[] = [];
    const count = frame.readUInt16BE(HEADER_BYTES);
    for (let start = HEADER_BYTES + COUNT_BYTES; columns.length < count;) {
      const end = frame.indexOf(0, start);
      columns.push({ name: frame.toString('utf8', start, end), typeOid: frame.readUInt32BE(end + 1 + TYPE_OFFSET) });
      start = end + 1 + COLUMN_TAIL_BYTES;
    }
    return new RowDescription(columns);
  }

  get width(): number {
    return this.columns.length;
  }

  /** @param frame A message DataRow of as many columns. @throws ProtocolViolation, ResultTooLarge */
  read(frame: Buffer, work: RowWork): JsonObject {
    const row: Record<string, JsonValue> = {};
    const texts = textsOf(frame);
    this.columns.forEach(({ name, typeOid }, index) => {
      const text = texts[index] ?? null;
      row[name] = text === null ? null : checkedValue(typeOid, text, work);
    });
    return row;
  }
}

/** The values of a DataRow as the server has written them. */
export function textsOf(frame: Buffer): readonly (string | null)[] {
  const texts: (string | null)[] = [];
  const count = frame.readUInt16BE(HEADER_BYTES);
  for (let at = HEADER_BYTES + COUNT_BYTES; texts.length < count;) {
    const length = frame.readInt32BE(at);
    at += 4;
    if (length === NULL_LENGTH) texts.push(null);
    else texts.push(frame.toString('utf8', at, (at += length)));
  }
  return texts;
}
