import { groupByKeys } from '@eden/work';
import type { OutsideStep } from '@eden/domain';
import { Interrupted } from '../control/failure.js';
import { HeldBack } from '../control/maintenance.js';
import { settleAll } from '../control/pacing.js';
import { StepFailed, StepsFailed, type Stepping } from './stepping.js';

export interface SideBySide {
  /** Databases at once. */
  readonly maxParallel: number;
  /** What is under way when a step fails is for nothing: its sessions are ended. Otherwise it is finished. */
  readonly isCutShort: boolean;
  take(stepping: Stepping, step: OutsideStep): Promise<void>;
}

/**
 * Takes steps as the atomic part takes its bindings: stages in the order that is given, and in a stage those of one API or one
 * database one after the other, the others beside them. Once a step has failed, no other one is begun.
 * @throws StepsFailed, and whatever else `take` throws, once nobody is at work any more
 */
export async function takeSideBySide(
  stepping: Stepping,
  steps: readonly OutsideStep[],
  how: SideBySide,
): Promise<void> {
  for (const stage of stagesOf(steps)) {
    await takeStage(stepping, stage, how);
  }
}

/** Of rows that know no stage each is alone. */
function stagesOf(steps: readonly OutsideStep[]): readonly (readonly OutsideStep[])[] {
  const stages: OutsideStep[][] = [];
  for (const step of steps) {
    const last = stages.at(-1);
    const { stage } = step.work;
    if (stage !== undefined && last?.[0]?.work.stage === stage) last.push(step);
    else stages.push([step]);
  }
  return stages;
}

async function takeStage(
  stepping: Stepping,
  stage: readonly OutsideStep[],
  { maxParallel, isCutShort, take }: SideBySide,
): Promise<void> {
  const lanes = groupByKeys(stage, ({ database, api }) => [`database ${database.key}`, `api ${api}`]);
  const [halt, sever] = [new AbortController(), new AbortController()];
  const bounded = {
    ...stepping,
    stop: AbortSignal.any([stepping.stop, halt.signal]),
    cut: AbortSignal.any([stepping.cut, sever.signal]),
  };
  const results = await settleAll(
    lanes,
    async (lane) => {
      try {
        for (const step of lane) {
          if (halt.signal.aborted) return;
          await take(bounded, step);
        }
      } catch (error) {
        if (endsOthers(error)) {
          halt.abort(error);
          if (isCutShort || !(error instanceof StepFailed)) sever.abort();
        }
        throw error;
      }
    },
    maxParallel,
  );
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length > 0) throw causeOf(errors, halt.signal);
}

/** A window that is closed and a process that stops are found by each for itself. */
function endsOthers(error: unknown): boolean {
  return !(error instanceof HeldBack || error instanceof Interrupted);
}

/** What was first is the cause, and what was interrupted then failed because of that. */
function causeOf(errors: readonly unknown[], { aborted, reason }: AbortSignal): unknown {
  if (!aborted) return errors[0];
  if (!(reason instanceof StepFailed)) return reason;
  const others = errors.filter((error) => error instanceof StepFailed && error !== reason);
  return new StepsFailed(reason, others as readonly StepFailed[]);
}
