import type { BatchCheckpoint, BatchSession, Statement, StatementResult, TargetPressure } from '@eden/domain';
import { instantly } from './answers.js';
import { execute } from './procedures.js';
import { checkpointIn, NOTHING_DONE, withCheckpoint, type StepRow } from './step-row.js';
import type { StepSession } from './step-session.js';
import type { Procedure, TargetSession } from './target-session.js';

/** Of a step that nothing is known of any more. */
const GONE: StepRow = { ...NOTHING_DONE, epoch: 0, state: 'undone' };

/** As packages/targets/src/postgres/outside/batches.ts: a batch commits together with the place behind it. */
export class SimulatedBatches implements BatchSession {
  constructor(private readonly step: StepSession) {}

  async begin(): Promise<BatchCheckpoint> {
    return checkpointIn(await this.step.enter('doing'));
  }

  async run({ text }: Statement, reached: (result: StatementResult) => BatchCheckpoint): Promise<void> {
    const { step } = this;
    try {
      const result = await step.send('runBatch', function* batch(session) {
        session.begin('batch');
        return yield* execute(session, text, step.limits);
      });
      const at = reached(result);
      const lost = await step.send('commitBatch', (session) => this.commitAt(session, at));
      if (lost !== null) throw step.refused(lost);
    } catch (error) {
      await step.send('rollback', (session) => instantly(() => session.rollBack())).catch(() => undefined);
      throw error;
    }
  }

  pressure(): Promise<TargetPressure> {
    return this.step.send('pressure', ({ database }) =>
      instantly(() => ({
        replicaLagMs: 0,
        activeSessions: database.sessions.size - 1,
        untold: 'nothing is hidden here',
      })),
    );
  }

  /** Answers the row where it is no longer this session's: nothing is committed then. */
  private *commitAt(session: TargetSession, at: BatchCheckpoint): Procedure<StepRow | null> {
    const { step } = this;
    const { broken } = step.way;
    yield* step.lockRow();
    const row = session.database.steps.get(step.key) ?? GONE;
    const isOurs = row.epoch === step.spec.epoch && row.state === 'doing';
    if (!isOurs && !broken.has('row-of-a-step-at-its-batch')) {
      session.rollBack();
      return row;
    }
    const isApart = broken.has('checkpoint-with-its-batch');
    if (!isApart) session.work?.stepRows.set(step.key, withCheckpoint(row, at));
    yield* step.commit(session);
    if (!isApart) return null;
    yield { pauseMs: 5 };
    yield* step.changeRow(session, withCheckpoint(row, at));
    return null;
  }
}
