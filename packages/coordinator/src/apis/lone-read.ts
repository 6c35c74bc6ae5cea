import type { BoundOperation, GateAnswer, JsonObject } from '@eden/domain';
import { attributeError } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';
import { loneOperationOf, readAlone } from '../templates/lone-read.js';
import type { ApiStep } from './load-api-work.js';
import type { SessionRequest } from './open-sessions.js';
import { executionAt } from './open-sessions.js';
import type { BoundCall, BoundStep } from './run-steps.js';
import { answerOf } from './run-steps.js';

/** What most executions are: one statement that reads. */
export interface LoneRead {
  readonly step: ApiStep;
  readonly call: BoundCall;
  readonly operation: BoundOperation;
}

/** The execution's only statement, when that is all it does and it only reads. */
export function loneReadOf(steps: readonly BoundStep[]): LoneRead | null {
  const only = onlyOf(steps);
  if (only === null || only.isPerElement) return null;
  const call = onlyOf(only.calls);
  const operation = call === null ? null : loneOperationOf(only.step.template, call.bound);
  return call === null || operation === null ? null : { step: only.step, call, operation };
}

function onlyOf<T>(list: readonly T[]): T | null {
  const [first = null] = list;
  return list.length === 1 ? first : null;
}

/**
 * Gate, statement and commit in one round trip; answers as `runSteps` does, or that the gate does not fit the definition.
 * @throws EdenError LOCK_TIMEOUT when the gate stays closed, and what `runSteps` throws
 */
export async function runLoneRead(
  deps: CoordinatorDeps,
  request: SessionRequest,
  { step, call, operation }: LoneRead,
): Promise<JsonObject | Exclude<GateAnswer, 'open'>> {
  const startedAt = deps.clock.elapsedMs();
  const { template, endpoint } = step;
  const options = await executionAt(deps, endpoint, request);
  const result = await readAlone(deps, { template, endpoint, operation }, options);
  if (typeof result === 'string') return result;
  try {
    return { [step.key]: answerOf(deps, { step, call, result, startedAt }) };
  } catch (error) {
    throw attributeError(error, template);
  }
}
