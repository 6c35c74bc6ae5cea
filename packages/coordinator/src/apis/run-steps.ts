import type { BoundTemplate, EdenError, JsonObject, StatementResult } from '@eden/domain';
import { validationError } from '@eden/domain';
import { attributeError, bindTemplate, checkExpectation, runOperations } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';
import type { ApiStep, ApiWork } from './load-api-work.js';
import type { OpenSessions } from './open-sessions.js';
import { resolveFields } from './resolve-fields.js';

/** A binding with the values of one input. */
export interface BoundStep {
  readonly step: ApiStep;
  readonly isPerElement: boolean;
  readonly calls: readonly BoundCall[];
}

export interface BoundCall {
  readonly values: JsonObject;
  readonly bound: BoundTemplate;
}

/** Calls that one input may make of all bindings together: they run one after the other, in one transaction, on one connection. */
const MOST_CALLS = 10_000;

/**
 * Gives every binding its values, so that a bad input is refused before any target is touched.
 * @throws EdenError VALIDATION_FAILED, REQUIRED_PARAMETER_MISSING, TEMPLATE_NOT_RENDERED
 */
export function bindSteps(deps: CoordinatorDeps, { steps }: ApiWork, input: JsonObject): readonly BoundStep[] {
  let left = MOST_CALLS;
  return steps.map((step, index) => {
    const { isPerElement, values } = resolveFields(step.binding.fields, input, `bindings[${index}]`);
    left -= values.length;
    if (left < 0) throw tooManyCalls(index);
    const calls = values.map((each) => ({ values: each, bound: bindTemplate(deps.templates, step.template, each) }));
    return { step, isPerElement, calls };
  });
}

function tooManyCalls(index: number): EdenError {
  const message = `The lists of the input make more than ${MOST_CALLS} calls: send them in parts`;
  return validationError([{ path: `bindings[${index}]`, message }]);
}

/**
 * Runs the bindings in order and answers what the API answers, keyed as contract section 4 says.
 * @throws EdenError TEMPLATE_EXECUTION_FAILED, EXPECTATION_FAILED, ENDPOINT_UNAVAILABLE
 */
export async function runSteps(
  deps: CoordinatorDeps,
  sessions: OpenSessions,
  steps: readonly BoundStep[],
): Promise<JsonObject> {
  const answers: [string, JsonObject][] = [];
  for (const bound of steps) answers.push([bound.step.key, await runStep(deps, sessions, bound)]);
  return Object.fromEntries(answers);
}

async function runStep(deps: CoordinatorDeps, sessions: OpenSessions, bound: BoundStep): Promise<JsonObject> {
  const results: JsonObject[] = [];
  for (const call of bound.calls) results.push(await runCall(deps, sessions, bound.step, call));
  const [only] = results;
  if (!bound.isPerElement && only !== undefined) return only;
  return { array_results: results, items_processed: results.length };
}

async function runCall(
  deps: CoordinatorDeps,
  sessions: OpenSessions,
  step: ApiStep,
  call: BoundCall,
): Promise<JsonObject> {
  const { template, endpoint } = step;
  const startedAt = deps.clock.elapsedMs();
  try {
    const result = await runOperations(sessions.of(endpoint.uuid), call.bound.operations, template.settings);
    return answerOf(deps, { step, call, result, startedAt });
  } catch (error) {
    throw attributeError(error, template);
  }
}

export interface FinishedCall {
  readonly step: ApiStep;
  readonly call: BoundCall;
  readonly result: StatementResult;
  /** On the clock of `elapsedMs`. */
  readonly startedAt: number;
}

/** @throws EdenError EXPECTATION_FAILED */
export function answerOf(deps: CoordinatorDeps, { step, call, result, startedAt }: FinishedCall): JsonObject {
  const { template, endpoint } = step;
  checkExpectation(template.settings.expect, result);
  deps.telemetry.templateExecuted(endpoint.kind, template.kind, deps.clock.elapsedMs() - startedAt);
  return {
    template_executed: template.id,
    fields_received: call.values,
    status: 'success',
    rows: result.rows,
    row_count: result.rowCount,
  };
}
