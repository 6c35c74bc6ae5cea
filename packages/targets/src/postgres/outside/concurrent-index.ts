import { EdenError, type Endpoint } from '@eden/domain';
import type { ClientBase } from 'pg';
import { escapeIdentifier } from 'pg';
import { hasSqlstate, isAnswered, SQLSTATE } from '../errors.js';
import { readSql } from '../sql.js';
import type { SingleStatement } from '../split.js';
import type { BuiltIndex, Piece, Reindexed } from './pieces.js';
import type { BuiltAs, IndexNote, PieceNote, StepRow } from './step-row.js';

const INDEX_PLACE = readSql('index-place');
const INDEX_STATE = readSql('index-state');
const REINDEX_LEFTOVERS = readSql('reindex-leftovers');

/** Where it will be, and whether that name is taken. Null where its table is not there: the server says so. */
async function placeOfIndex(client: ClientBase, { name, table }: BuiltIndex): Promise<IndexNote | null> {
  const { rows } = await client.query<{ schema: string; existed: boolean }>(INDEX_PLACE, [table, name]);
  const [row] = rows;
  return row === undefined ? null : { name, schema: row.schema, existed: row.existed };
}

/** `invalid`: what a build that failed has left. */
interface FoundIndex {
  readonly state: 'absent' | 'invalid' | 'valid';
  /** Absent where it is. */
  readonly built?: BuiltAs;
  readonly isRebuilt?: boolean;
}

interface StateRow {
  readonly valid: boolean;
  readonly oid: string;
  readonly definition: string;
  readonly table_oid: string;
  readonly rebuilt: boolean;
}

async function findIndex(client: ClientBase, { schema, name }: IndexNote): Promise<FoundIndex> {
  const { rows } = await client.query<StateRow>(INDEX_STATE, [schema, name]);
  const [row] = rows;
  if (row === undefined) return { state: 'absent' };
  const { valid, oid, definition, table_oid: table, rebuilt } = row;
  return { state: valid ? 'valid' : 'invalid', built: { oid, definition, table }, isRebuilt: rebuilt };
}

/** Whether somebody has dropped what a try has left, and made another one; one that was built anew concurrently is the same. */
function isAnother({ oid, definition, table }: IndexNote, { built, isRebuilt }: FoundIndex): boolean {
  if (oid === undefined || built === undefined || built.oid === oid) return false;
  return isRebuilt !== true || built.definition !== definition || built.table !== table;
}

interface Leftover {
  /** As SQL. */
  readonly name: string;
  /** Somebody else is at its table. */
  readonly busy: boolean;
}

/** What is left of REINDEX CONCURRENTLY. */
async function reindexLeftovers(client: ClientBase, { relation, schema }: Reindexed): Promise<readonly Leftover[]> {
  return (await client.query<Leftover>(REINDEX_LEFTOVERS, [relation, schema])).rows;
}

function dropIndexSql({ schema, name }: IndexNote): string {
  return `DROP INDEX CONCURRENTLY IF EXISTS ${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
}

/** What the step's session does for what is built and built anew concurrently. */
export interface StepSession {
  send(statement: SingleStatement): Promise<void>;
  /** Writes down what is known of a statement, by its place. */
  note(place: string, note: PieceNote): Promise<void>;
}

/** Indexes that are built concurrently, each of which may be left invalid, and may be somebody else's. */
export class ConcurrentIndexes {
  constructor(
    private readonly client: ClientBase,
    private readonly endpoint: Endpoint,
    private readonly session: StepSession,
  ) {}

  /** What is known from before the first try tells whether an index of that name is ours. */
  async build({ statement, index }: Piece, place: string, known: PieceNote | undefined): Promise<void> {
    if (index === null) return;
    const before = indexIn(known);
    const note = before ?? (await placeOfIndex(this.client, index));
    if (note === null) return this.session.send(statement);
    if (note.existed) return this.sendBeside(statement, note);
    const found = await findIndex(this.client, note);
    if (isAnother(note, found)) {
      await this.noteIndex(place, { ...note, existed: true });
      return this.sendBeside(statement, note);
    }
    if (found.state === 'valid') return;
    const fresh = { name: note.name, schema: note.schema, existed: false };
    if (before === undefined || found.state === 'invalid') await this.noteIndex(place, fresh);
    if (found.state === 'invalid') await this.client.query(dropIndexSql(note));
    await this.sendNoted(statement, place, fresh);
  }

  async drop({ note }: StepRow): Promise<void> {
    const indexes = Object.values(note).flatMap((each) => indexIn(each) ?? []);
    for (const index of indexes.filter(({ existed }) => !existed).toReversed()) {
      const found = await findIndex(this.client, index);
      if (found.state !== 'absent' && !isAnother(index, found)) await this.client.query(dropIndexSql(index));
    }
  }

  /** Before a statement that is no build. */
  async noteOf(reindexed: Reindexed | null): Promise<PieceNote> {
    if (reindexed === null) return { begun: true };
    const leftovers = await reindexLeftovers(this.client, reindexed);
    return { begun: true, leftovers: leftovers.map(({ name }) => name) };
  }

  /** What a REINDEX CONCURRENTLY has left under names of its own, which another one would add to; not what others are at. */
  async dropLeftovers(reindexed: Reindexed | null, note: PieceNote | undefined): Promise<void> {
    if (reindexed === null || note === undefined || !('leftovers' in note)) return;
    const left = await reindexLeftovers(this.client, reindexed);
    for (const { name } of left.filter(({ name, busy }) => !busy && !note.leftovers.includes(name))) {
      await this.client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
    }
  }

  private async sendNoted(statement: SingleStatement, place: string, note: IndexNote): Promise<void> {
    try {
      await this.session.send(statement);
    } catch (error) {
      // Somebody else was quicker: what is there now is not ours to be dropped.
      if (hasSqlstate(error, SQLSTATE.duplicateTable)) await this.noteIndex(place, { ...note, existed: true });
      else if (isAnswered(error)) await this.noteBuilt(place, note);
      throw error;
    }
    await this.noteBuilt(place, note);
  }

  /** Which one it is, valid or not. */
  private async noteBuilt(place: string, note: IndexNote): Promise<void> {
    const { built } = await findIndex(this.client, note);
    if (built !== undefined) await this.noteIndex(place, { ...note, ...built });
  }

  private noteIndex(place: string, index: IndexNote): Promise<void> {
    return this.session.note(place, { index });
  }

  /** IF NOT EXISTS takes an index that was left invalid for one that is there. */
  private async sendBeside(statement: SingleStatement, note: IndexNote): Promise<void> {
    if ((await findIndex(this.client, note)).state !== 'invalid') return this.session.send(statement);
    const message = `the index ${note.name} is there, invalid, and not of this run: drop it, or wait until whoever builds it is done`;
    throw new EdenError('TEMPLATE_EXECUTION_FAILED', { endpoint_id: this.endpoint.id, message });
  }
}

function indexIn(note: PieceNote | undefined): IndexNote | undefined {
  return note !== undefined && 'index' in note ? note.index : undefined;
}
