import { EdenError } from '@eden/domain';
import type { Endpoint, OutsideSession, OutsideSpec, RecordStep } from '@eden/domain';
import { execute } from './procedures.js';
import { SimulatedBatches } from './simulated-batches.js';
import { SimulatedIndexes } from './simulated-indexes.js';
import { parseStatement } from './statements.js';
import type { StepRow } from './step-row.js';
import { StepSession } from './step-session.js';
import type { Procedure, TargetSession } from './target-session.js';
import type { TargetWay } from './target-way.js';

/** Where a guard is taken away: another worker has ended the session of one that died by then. */
const UNTIL_TAKEN_OVER_MS = 10_000;

/**
 * As packages/targets/src/postgres/outside/outside-step.ts: each statement commits with the place that it has reached, or is
 * looked for where it is in no transaction.
 */
export class SimulatedOutside implements OutsideSession {
  readonly batches: SimulatedBatches;
  private readonly step: StepSession;
  private readonly indexes: SimulatedIndexes;

  constructor(way: TargetWay, endpoint: Endpoint, spec: OutsideSpec) {
    this.step = new StepSession(way, endpoint, spec);
    this.batches = new SimulatedBatches(this.step);
    this.indexes = new SimulatedIndexes(this.step);
  }

  open(): Promise<void> {
    return this.step.open();
  }

  async carryOut(): Promise<void> {
    const row = await this.step.enter('doing');
    if (row.state === 'done') return;
    const { statements, record } = this.step.spec.work;
    for (const [place, { text }] of statements.entries()) {
      if (place >= row.position) await this.doPiece(text, place, row);
    }
    await this.end('done', record);
  }

  async compensate(): Promise<void> {
    const { step } = this;
    const row = await step.enter('undoing');
    if (row.state === 'undone') return;
    const { statements, undo, unrecord } = step.spec.work;
    if (statements.every((statement) => parseStatement(statement).op === 'build')) {
      await this.indexes.undo(statements, row);
    } else if (row.position > 0) {
      for (const [place, { text }] of (undo ?? []).entries()) {
        const undone = place + 1;
        if (place >= row.undone) await step.send('compensate', (session) => this.inOne(session, text, { undone }));
      }
    }
    await this.end('undone', row.recorded ? unrecord : []);
  }

  close(): Promise<void> {
    this.step.close();
    return Promise.resolve();
  }

  private async doPiece(text: string, place: number, row: StepRow): Promise<void> {
    const { step } = this;
    const statement = parseStatement({ text, params: [] });
    const position = place + 1;
    if (statement.op !== 'build') return step.send('carryOut', (session) => this.inOne(session, text, { position }));
    await this.indexes.build(statement, place, row);
    await step.change('advanceStep', { position });
  }

  private end(state: 'done' | 'undone', record: readonly RecordStep[]): Promise<void> {
    return this.step.send('endStep', (session) => this.endIn(session, state, record));
  }

  /** What a tool notes of it, and the step's row. */
  private *endIn(session: TargetSession, state: 'done' | 'undone', record: readonly RecordStep[]): Procedure<void> {
    const { step } = this;
    const isApart = step.way.broken.has('row-of-a-file-with-its-step');
    const noted = { state, recorded: state === 'done' };
    if (isApart) yield* step.changeRow(session, noted);
    if (isApart) yield { pauseMs: 5 };
    session.begin('end of a step');
    for (const { text, expects } of record) {
      const { rowCount } = yield* execute(session, text, step.limits);
      if (expects !== undefined && expects.rows !== rowCount) throw this.changed(expects.otherwise);
    }
    if (!isApart) yield* step.changeWithin(session, (row) => ({ ...row, ...noted }));
    yield* step.commit(session);
  }

  /** The statement and how far it brings the step, in one transaction. */
  private *inOne(session: TargetSession, text: string, reached: Partial<StepRow>): Procedure<void> {
    const { step } = this;
    const work = session.begin('outside');
    const parsed = parseStatement({ text, params: [] });
    if (parsed.op === 'outside') work.outside.push(parsed);
    else yield* execute(session, text, step.limits);
    const isApart = step.way.broken.has('place-of-a-step');
    if (!isApart) yield* step.changeWithin(session, (row) => ({ ...row, ...reached }));
    yield* step.commit(session);
    if (!isApart) return;
    yield { pauseMs: UNTIL_TAKEN_OVER_MS };
    yield* step.changeRow(session, reached);
  }

  private changed(details: string): EdenError {
    return new EdenError('SOURCE_CHANGED', { endpoint_id: this.step.endpoint.id, details });
  }
}
