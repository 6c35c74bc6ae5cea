import type { ConditionStates } from '../resources/conditions.js';
import type { Reason } from '../resources/reasons.js';
import type { Obstacle } from './obstacle.js';

/** The conditions of an object that is as it should be. */
export function readyBecause(reason: Reason, message: string): ConditionStates {
  return {
    Ready: { status: 'True', reason, message },
    Reconciling: { status: 'False', reason: 'Idle' },
    Stalled: { status: 'False', reason: 'Progressing' },
  };
}

/** The conditions of an object that waits for something, or for somebody. */
export function blockedBy({
  reason,
  message,
  isStalled,
}: Pick<Obstacle, 'reason' | 'message' | 'isStalled'>): ConditionStates {
  return {
    Ready: { status: 'False', reason, message },
    Reconciling: isStalled ? { status: 'False', reason: 'Idle' } : { status: 'True', reason, message },
    Stalled: isStalled ? { status: 'True', reason, message } : { status: 'False', reason: 'Progressing' },
  };
}
