import type { FileStatement, NoteStatement } from './statements.js';

/** What a transaction changes of it. */
export interface HistoryWork {
  readonly files: readonly FileStatement[];
  readonly notes: readonly NoteStatement[];
  readonly histories: readonly string[];
}

type Change = Pick<NoteStatement, 'table' | 'version' | 'by'>;
type Version = Omit<Change, 'by'>;

const keyOf = ({ table, version }: Version): string => `${table}/${version}`;

/** The tables in which tools note what they have applied in a database, and what their files have done there. */
export class History {
  private readonly tables = new Set<string>();
  /** By `<table>/<version>`: how often it is noted, and how often its file has run and was not undone. */
  private readonly noted = new Map<string, number>();
  private readonly done = new Map<string, number>();

  exists({ histories }: HistoryWork, table: string): boolean {
    return this.tables.has(table) || histories.includes(table);
  }

  /** `<table>/<version>` of all that is noted, for people. */
  get applied(): readonly string[] {
    return [...this.noted].flatMap(([key, count]) => (count > 0 ? [key] : []));
  }

  timesNoted(version: Version): number {
    return this.noted.get(keyOf(version)) ?? 0;
  }

  /** As a transaction sees them, ascending. */
  versions({ notes }: HistoryWork, table: string): readonly string[] {
    const prefix = `${table}/`;
    const counts = new Map([...this.noted].filter(([key]) => key.startsWith(prefix)));
    for (const note of notes.filter((each) => each.table === table)) add(counts, note);
    return [...counts].flatMap(([key, count]) => (count > 0 ? [key.slice(prefix.length)] : [])).sort();
  }

  /** Answers how to take it back. */
  apply({ files, notes, histories }: HistoryWork): () => void {
    const made = histories.filter((table) => !this.tables.has(table));
    for (const table of made) this.tables.add(table);
    for (const file of files) add(this.done, file);
    for (const note of notes) add(this.noted, note);
    return () => {
      for (const table of made) this.tables.delete(table);
      for (const file of files) add(this.done, file, -1);
      for (const note of notes) add(this.noted, note, -1);
    };
  }

  /** What is wrong with the versions that a transaction has touched: each is done and noted in it, once, or neither. */
  contradictions({ files, notes }: HistoryWork): readonly string[] {
    const touched = new Set([...files, ...notes.filter(({ apart }) => apart !== true)].map(keyOf));
    return [...touched].flatMap((key) => {
      const [done, noted] = [this.done.get(key) ?? 0, this.noted.get(key) ?? 0];
      return done === noted && (done === 0 || done === 1)
        ? []
        : [`${key} was done ${done} times and is noted ${noted} times`];
    });
  }

  copyTo(copy: History): void {
    for (const table of this.tables) copy.tables.add(table);
    for (const [key, count] of this.noted) copy.noted.set(key, count);
    for (const [key, count] of this.done) copy.done.set(key, count);
  }
}

function add(counts: Map<string, number>, change: Change, sign = 1): void {
  const key = keyOf(change);
  counts.set(key, (counts.get(key) ?? 0) + sign * change.by);
}
