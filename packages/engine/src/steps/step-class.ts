import type { OutsideSession, OutsideStep, OutsideStepState, StatementResult } from '@eden/domain';
import type { Stepping } from './stepping.js';

/** One try at a step. */
export interface StepAttempt {
  readonly stepping: Stepping;
  readonly step: OutsideStep;
  /** Some of it is done for good: what has failed before that counts no more. */
  readonly progressed: () => void;
}

/** What steps of one class do, whoever is at it: the run's own worker, or the one that has taken it over. */
export interface StepClass {
  /** Its target is waited for as long as it is away, where others let their run fail: too much is done already. */
  readonly waitsForTarget: boolean;
  /** Does what has not been done yet; done again, it does nothing. @throws as `OutsideSession.carryOut`; HeldBack */
  carryOut(session: OutsideSession, attempt: StepAttempt): Promise<StatementResult | void>;
  /** When the run fails. Answers what has become of the step. @throws as `OutsideSession.compensate` */
  compensate(session: OutsideSession, attempt: StepAttempt): Promise<Extract<OutsideStepState, 'undone' | 'left'>>;
}
