import { isEdenError } from '@eden/domain';
import type { EdenError, Statement } from '@eden/domain';
import { instantly } from './answers.js';
import { TABLE_LOCK } from './item-procedures.js';
import { build } from './step-procedures.js';
import { parseStatement, type BuildStatement } from './statements.js';
import type { IndexNote, StepRow } from './step-row.js';
import type { StepSession } from './step-session.js';
import type { Procedure } from './target-session.js';
import type { Index } from './work.js';

/** As packages/targets/src/postgres/outside/concurrent-index.ts: what is built in no transaction is looked for. */
export class SimulatedIndexes {
  constructor(private readonly step: StepSession) {}

  /** What is known from before the first try tells whether an index of that name is ours. */
  async build(statement: BuildStatement, place: number, { indexes: { [place]: known } }: StepRow): Promise<void> {
    const found = await this.find(statement.index);
    if (known === undefined) return this.buildFirst(statement, place, found);
    if (known.existed) return this.send(statement);
    if (isAnother(known, found)) {
      await this.note(place, { ...known, existed: true });
      return this.send(statement);
    }
    if (found?.isValid === true) return;
    if (found !== null) await this.note(place, FRESH);
    return this.buildAnew(statement, place, found);
  }

  private async buildFirst(statement: BuildStatement, place: number, found: Index | null): Promise<void> {
    if (found !== null && !this.step.way.broken.has('index-that-was-there')) return this.send(statement);
    if (!this.step.way.broken.has('note-before-an-index-is-built')) await this.note(place, FRESH);
    return this.buildAnew(statement, place, found);
  }

  private async buildAnew(statement: BuildStatement, place: number, left: Index | null): Promise<void> {
    if (left !== null) await this.drop(statement.index);
    await this.sendNoted(statement, place, FRESH);
  }

  async undo(statements: readonly Statement[], { indexes }: StepRow): Promise<void> {
    for (const [place, statement] of [...statements.entries()].toReversed()) {
      const parsed = parseStatement(statement);
      const note = indexes[place];
      if (parsed.op !== 'build' || note === undefined || note.existed) continue;
      const found = await this.find(parsed.index);
      if (found !== null && !isAnother(note, found)) await this.drop(parsed.index);
    }
  }

  private async sendNoted(statement: BuildStatement, place: number, note: IndexNote): Promise<void> {
    try {
      await this.send(statement);
    } catch (error) {
      // Somebody else was quicker: what is there now is not ours to be dropped.
      if (isEdenError(error, 'TEMPLATE_EXECUTION_FAILED')) await this.noteLeft(statement, place, { error, note });
      throw error;
    }
    await this.noteBuilt(statement, place, note);
  }

  private noteLeft(
    statement: BuildStatement,
    place: number,
    { error, note }: { readonly error: EdenError; readonly note: IndexNote },
  ): Promise<void> {
    const isThere = String(error.context['message']).endsWith('already exists');
    return isThere ? this.note(place, { ...note, existed: true }) : this.noteBuilt(statement, place, note);
  }

  /** Which one it is, valid or not. */
  private async noteBuilt({ index }: BuildStatement, place: number, note: IndexNote): Promise<void> {
    const found = await this.find(index);
    if (found !== null) await this.note(place, { ...note, id: found.id });
  }

  private send(statement: BuildStatement): Promise<void> {
    const { by, limits } = this.step;
    return this.step.send('buildIndex', (session) => build(session, statement, { by, lock: TABLE_LOCK, ...limits }));
  }

  private find(index: string): Promise<Index | null> {
    return this.step.send('findIndex', ({ database }) => instantly(() => database.indexes.get(index) ?? null));
  }

  private drop(index: string): Promise<void> {
    return this.step.send('dropIndex', (session) =>
      instantly(() => {
        const work = session.begin('drop');
        work.indexes.set(index, null);
        session.work = null;
        session.database.commit(work, this.step.by);
      }),
    );
  }

  private note(place: number, note: IndexNote): Promise<void> {
    const { step } = this;
    return step.send('noteIndex', function* noteIn(session): Procedure<void> {
      session.begin('note');
      yield* step.changeWithin(session, (row) => ({ ...row, indexes: { ...row.indexes, [place]: note } }));
      yield* step.commit(session);
    });
  }
}

const FRESH: IndexNote = { existed: false };

/** Whether somebody has dropped what a try has left, and made another one. */
function isAnother({ id: ours }: IndexNote, found: Index | null): boolean {
  return ours !== undefined && found !== null && found.id !== ours;
}
