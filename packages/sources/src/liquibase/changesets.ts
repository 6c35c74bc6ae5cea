/** One changeset of a formatted SQL file, as it is written there. */
export interface Changeset {
  readonly author: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** SQL with empty lines for what is not, so that its lines are those of the file. */
  readonly sql: string;
  /** As Liquibase sums it up: without the lines that are its own. */
  readonly body: string;
  readonly rollback: string | null;
  readonly comments: string;
  readonly validChecksums: readonly string[];
  readonly hasPreconditions: boolean;
}

export interface FormattedSql {
  readonly logicalFilePath: string | null;
  /** Their attributes. */
  readonly properties: readonly Changeset['attributes'][];
  readonly changesets: readonly Changeset[];
  /** `line 3: …` */
  readonly problems: readonly string[];
}

const FIRST_LINE = /^\s*--\s*liquibase\s*formatted/i;
const CHANGESET = /^\s*--\s*changeset\s+("[^"]+"|[^:\s][^:]*):\s*("[^"]+"|\S+)(.*)$/is;
const ANY_CHANGESET = /^\s*-+\s*changeset\b/i;
const PROPERTY = /^\s*--\s*property\s+(.*)$/is;
const IGNORE = /^--\s*ignoreLines:(\w+)\s*$/i;
const COMMENT = /^--\s*comment:? (.*)$/is;
const VALID_CHECKSUM = /^--\s*validCheckSum:? (.*)$/is;
const ROLLBACK = /^\s*--\s*rollback (.*)$/is;
const ROLLBACK_START = /^\s*\/\*\s*liquibase\s*rollback\s*$/i;
const ROLLBACK_END = /\*\/\s*$/;
const PRECONDITION = /^\s*--\s*precondition(s\b|-)/i;
const ATTRIBUTE = /\b(\w+):("[^"]*"|\S*)/g;

interface Draft {
  readonly author: string;
  readonly id: string;
  readonly attributes: Record<string, string>;
  readonly line: number;
  readonly sql: string[];
  readonly body: string[];
  readonly rollback: string[];
  comments: string;
  readonly validChecksums: string[];
  hasPreconditions: boolean;
}

/** Reads a file whose first line is `--liquibase formatted sql`, line by line as Liquibase does. */
export function readFormattedSql(text: string): FormattedSql {
  const reader = new Reader(text.split(/\r\n|\n|\r/));
  reader.read();
  const { logicalFilePath, properties, problems, drafts } = reader;
  return { logicalFilePath, properties, problems, changesets: drafts.map(finish) };
}

/** `dbms` names PostgreSQL, or nothing, or what it is not; `ignore` passes over it. */
export function isForUs({ dbms, ignore }: Changeset['attributes']): boolean {
  if (ignore?.toLowerCase() === 'true') return false;
  const names = (dbms ?? '')
    .toLowerCase()
    .split(/[,\s]+/)
    .filter(Boolean);
  if (names.includes('!postgresql') || names.includes('none')) return false;
  const wanted = names.filter((name) => !name.startsWith('!'));
  return wanted.length === 0 || wanted.some((name) => name === 'postgresql' || name === 'all');
}

class Reader {
  logicalFilePath: string | null = null;
  readonly properties: Changeset['attributes'][] = [];
  readonly problems: string[] = [];
  readonly drafts: Draft[] = [];
  private at = 0;

  constructor(private readonly lines: readonly string[]) {}

  read(): void {
    if (!FIRST_LINE.test(this.lines[0] ?? '')) this.problems.push('line 1: it has to be "--liquibase formatted sql"');
    for (; this.at < this.lines.length; this.at += 1) this.readLine(this.lines[this.at] ?? '');
  }

  private readLine(line: string): void {
    if (FIRST_LINE.test(line)) {
      this.logicalFilePath = attributesOf(line)['logicalfilepath'] ?? this.logicalFilePath;
      return;
    }
    const property = PROPERTY.exec(line);
    if (property !== null) return void this.properties.push(attributesOf(property[1] ?? ''));
    const ignore = IGNORE.exec(line);
    if (ignore !== null) return this.skip(ignore[1] ?? '');
    const changeset = CHANGESET.exec(line);
    if (changeset !== null) return this.begin(changeset);
    if (ANY_CHANGESET.test(line)) return this.complain('a changeset begins with "--changeset author:id"');
    const draft = this.drafts.at(-1);
    if (draft !== undefined) this.readWithin(line, draft);
  }

  private skip(amount: string): void {
    if (/^\d+$/.test(amount)) this.at += Number(amount);
    else if (amount.toLowerCase() !== 'start') this.complain('"ignoreLines" takes a number, "start" or "end"');
    else {
      for (this.at += 1; this.at < this.lines.length; this.at += 1) {
        if (/^end$/i.test(IGNORE.exec(this.lines[this.at] ?? '')?.[1] ?? '')) return;
      }
    }
  }

  private begin([, author = '', id = '', rest = '']: RegExpExecArray): void {
    this.drafts.push({
      author: unquote(author.trim()),
      id: unquote(id),
      attributes: attributesOf(rest),
      line: this.at,
      ...{ sql: [], body: [], rollback: [], comments: '', validChecksums: [], hasPreconditions: false },
    });
  }

  private readWithin(line: string, draft: Draft): void {
    const comment = COMMENT.exec(line);
    const valid = VALID_CHECKSUM.exec(line);
    const rollback = ROLLBACK.exec(line);
    if (comment !== null) draft.comments = comment[1] ?? '';
    else if (valid !== null) draft.validChecksums.push((valid[1] ?? '').trim());
    else if (rollback !== null) draft.rollback.push(rollback[1] ?? '');
    else if (ROLLBACK_START.test(line)) this.readRollback(draft);
    else if (PRECONDITION.test(line)) draft.hasPreconditions = true;
    else {
      draft.body.push(line);
      draft.sql[this.at - draft.line - 1] = line;
    }
  }

  private readRollback(draft: Draft): void {
    for (this.at += 1; this.at < this.lines.length; this.at += 1) {
      const line = this.lines[this.at] ?? '';
      if (ROLLBACK_END.test(line)) {
        draft.rollback.push(line.replace(ROLLBACK_END, ''));
        return;
      }
      draft.rollback.push(line);
    }
    this.complain('the rollback that began above has no end "*/"');
  }

  private complain(message: string): void {
    this.problems.push(`line ${this.at + 1}: ${message}`);
  }
}

function attributesOf(text: string): Record<string, string> {
  const found = [...text.matchAll(ATTRIBUTE)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name.toLowerCase(), unquote(value)]));
}

function unquote(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1) : text;
}

function finish(draft: Draft): Changeset {
  const { author, id, attributes, comments, validChecksums, hasPreconditions, line } = draft;
  const rollback = draft.rollback.join('\n').trim();
  const sql = Array.from(draft.sql, (text: string | undefined) => text ?? '').join('\n');
  return {
    ...{ author, id, attributes, comments, validChecksums, hasPreconditions },
    sql: '\n'.repeat(line + 1) + sql,
    body: draft.body.join('\n').trim(),
    rollback: rollback === '' ? null : rollback,
  };
}
