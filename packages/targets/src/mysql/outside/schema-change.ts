import { quoteMysqlIdentifier } from '@eden/lexers';
import type { CutStatement, Part } from '../statements.js';

/** What a name stands for. Views and sequences are found among the tables. */
export type ObjectKind = 'TABLE' | 'TRIGGER' | 'PROCEDURE' | 'FUNCTION' | 'EVENT';

export interface SchemaObject {
  readonly kind: ObjectKind;
  /** As SQL. */
  readonly name: string;
}

/** A statement that commits by itself. */
export interface SchemaChange {
  /**
   * How whoever comes after a try without an answer finds out whether it was done. `send`: sent again, it does what it did.
   * `look`: the definitions of its objects are others than before. `finish`: what is left of them is dropped.
   */
  readonly again: 'send' | 'look' | 'finish';
  /** Those whose definitions tell whether it was done. */
  readonly objects: readonly SchemaObject[];
  /** It makes the first of them. */
  readonly creates: boolean;
  /** It changes one thing only, so that what is said to be there, or gone, is all that it was to do. */
  readonly isSingle: boolean;
}

/** Nobody could find out after a crash whether it was done, or it is not about this database's schema. */
class NotOutside extends Error {
  override readonly name = 'NotOutside';
}

const ONE_BY_ONE = 'in a template of its own';
const OF_THE_SERVER = 'it is about the server and not about this database: run it by hand';

const KINDS: Readonly<Record<string, ObjectKind>> = {
  TABLE: 'TABLE',
  TABLES: 'TABLE',
  INDEX: 'TABLE',
  VIEW: 'TABLE',
  SEQUENCE: 'TABLE',
  TRIGGER: 'TRIGGER',
  PROCEDURE: 'PROCEDURE',
  FUNCTION: 'FUNCTION',
  EVENT: 'EVENT',
};

/** Words between the verb and what it is about. */
const BETWEEN = new Set(
  `OR REPLACE UNIQUE FULLTEXT SPATIAL VECTOR ONLINE OFFLINE IGNORE AGGREGATE ALGORITHM UNDEFINED MERGE TEMPTABLE DEFINER SQL
   SECURITY INVOKER`.split(/\s+/),
);

/** Changes of data that no definition shows. */
const UNSEEN: readonly (readonly [string, string])[] = [
  ['EXCHANGE', 'PARTITION'],
  ['IMPORT', 'TABLESPACE'],
  ['DISCARD', 'TABLESPACE'],
];

/** Reads one behind the other. */
class Parts {
  private at = 0;

  constructor(private readonly parts: readonly Part[]) {}

  get next(): string {
    return this.parts[this.at]?.text ?? '';
  }

  /** Whether the words came next; they are read then. */
  take(...words: readonly string[]): boolean {
    const isNext = words.every((word, index) => this.isWord(this.at + index, word));
    if (isNext) this.at += words.length;
    return isNext;
  }

  skip(): void {
    this.at += 1;
  }

  /** Reads up to the word and over it. */
  skipBehind(word: string): void {
    while (this.at < this.parts.length && !this.take(word)) this.skip();
  }

  /** @throws NotOutside */
  name(): string {
    const [first, dot, second] = this.parts.slice(this.at, this.at + 3);
    if (first === undefined || !isName(first)) throw new NotOutside(`a name is missing before "${this.next}"`);
    const isQualified = dot?.text === '.' && second !== undefined && isName(second);
    this.at += isQualified ? 3 : 1;
    return (isQualified ? [first, second] : [first]).map(({ raw }) => quoteMysqlIdentifier(raw)).join('.');
  }

  private isWord(at: number, word: string): boolean {
    const part = this.parts[at];
    return part !== undefined && part.kind !== 'quotedIdentifier' && part.text === word;
  }
}

function isName({ kind }: Part): boolean {
  return kind === 'word' || kind === 'quotedIdentifier';
}

/** Why statements that commit by themselves must not run outside the transaction; empty = they may. */
export function outsideRefusals(committing: readonly CutStatement[]): readonly string[] {
  const reasons = committing.flatMap((statement) => {
    try {
      schemaChangeOf(statement);
      return [];
    } catch (error) {
      if (!(error instanceof NotOutside)) throw error;
      return [error.message];
    }
  });
  return [...new Set(reasons)];
}

/** @throws NotOutside */
export function schemaChangeOf({ parts }: CutStatement): SchemaChange {
  const verb = parts[0]?.text ?? '';
  const read = READERS[verb];
  if (read === undefined) throw new NotOutside(`${verb} is no change of a schema: ${OF_THE_SERVER}`);
  const rest = new Parts(parts.slice(1));
  return { ...read(rest, parts), isSingle: !hasList(parts) };
}

type Read = (rest: Parts, parts: readonly Part[]) => Omit<SchemaChange, 'isSingle'>;

const SENT_AGAIN = { again: 'send', objects: [], creates: false } as const;

const READERS: Readonly<Record<string, Read>> = {
  CREATE: readCreate,
  ALTER: readAlter,
  DROP: readDrop,
  RENAME: readRename,
  TRUNCATE: () => SENT_AGAIN,
  ANALYZE: () => SENT_AGAIN,
  OPTIMIZE: () => SENT_AGAIN,
  GRANT: () => SENT_AGAIN,
  REVOKE: () => SENT_AGAIN,
};

function readCreate(rest: Parts): ReturnType<Read> {
  const isReplaced = rest.take('OR', 'REPLACE');
  const what = readKind(rest, 'CREATE');
  const isCondition = rest.take('IF', 'NOT', 'EXISTS');
  const object = readObject(rest, what);
  const creates = what !== 'INDEX' && !isReplaced;
  return { again: isReplaced || isCondition ? 'send' : 'look', objects: [object], creates };
}

function readAlter(rest: Parts, parts: readonly Part[]): ReturnType<Read> {
  const unseen = UNSEEN.find(([first, second]) =>
    parts.some(({ text }, at) => text === first && parts[at + 1]?.text === second),
  );
  if (unseen !== undefined)
    throw new NotOutside(`after a crash nobody could tell whether ${unseen.join(' ')} was done: run it by hand`);
  const isDatabase = rest.take('DATABASE') || rest.take('SCHEMA');
  if (isDatabase) return SENT_AGAIN;
  const what = readKind(rest, 'ALTER');
  rest.take('IF', 'EXISTS');
  const object = readObject(rest, what);
  return { again: what === 'TABLE' || what === 'EVENT' ? 'look' : 'send', objects: [object], creates: false };
}

function readDrop(rest: Parts): ReturnType<Read> {
  const what = readKind(rest, 'DROP');
  rest.take('IF', 'EXISTS');
  const objects = [readObject(rest, what)];
  while (rest.take(',')) objects.push(readObject(rest, what));
  return { again: what === 'INDEX' ? 'look' : 'finish', objects, creates: false };
}

/** What is renamed is gone, and what it is called now was not there: where names change places, nothing tells. */
function readRename(rest: Parts): ReturnType<Read> {
  const what = readKind(rest, 'RENAME');
  rest.take('IF', 'EXISTS');
  const [from, to]: [string[], string[]] = [[], []];
  do {
    from.push(rest.name());
    rest.skipBehind('TO');
    to.push(rest.name());
  } while (rest.take(','));
  if (to.every((name) => from.includes(name)))
    throw new NotOutside(
      `after a crash nobody could tell whether tables have changed places: rename one of them to a name that is free, ${ONE_BY_ONE}`,
    );
  const names = [...new Set([...from, ...to])];
  return { again: 'look', objects: names.map((name) => ({ kind: KINDS[what] ?? 'TABLE', name })), creates: false };
}

/** @throws NotOutside for what is no part of a database's schema */
function readKind(rest: Parts, verb: string): string {
  while (BETWEEN.has(rest.next)) skipBetween(rest);
  const what = rest.next;
  if (what === 'TEMPORARY') throw new NotOutside('a temporary table goes with its session: take a table of its own');
  if (KINDS[what] === undefined) throw new NotOutside(`${verb} ${what}: ${OF_THE_SERVER}`);
  rest.skip();
  return what;
}

/** One word, with what it is set to. The name of a user may be any word. */
function skipBetween(rest: Parts): void {
  rest.skip();
  if (!rest.take('=')) return;
  rest.skip();
  while (/^[@()]/.test(rest.next)) rest.skip();
}

/** An index is told by its table. */
function readObject(rest: Parts, what: string): SchemaObject {
  if (what !== 'INDEX') return { kind: KINDS[what] ?? 'TABLE', name: rest.name() };
  rest.skipBehind('ON');
  return { kind: 'TABLE', name: rest.name() };
}

/** Also of columns: `ADD (a int, b int)`, `ADD COLUMN IF NOT EXISTS (a int, b int)`. */
function hasList(parts: readonly Part[]): boolean {
  let depth = 0;
  let listed = 0;
  for (const [at, { text, kind }] of parts.entries()) {
    if (kind !== 'punctuation') continue;
    if (text === '(') depth += 1;
    if (text === '(' && depth === 1) listed = addsColumns(parts.slice(Math.max(0, at - 5), at)) ? 1 : 0;
    if (text === ')') depth -= 1;
    if (text === ',' && depth <= listed) return true;
  }
  return false;
}

function addsColumns(before: readonly Part[]): boolean {
  return /(?:^| )ADD(?: COLUMN)?(?: IF NOT EXISTS)?$/.test(before.map(({ text }) => text).join(' '));
}
