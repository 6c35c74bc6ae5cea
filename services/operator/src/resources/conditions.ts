import type { Condition } from './objects.js';
import type { Reason } from './reasons.js';

export interface ConditionState {
  readonly status: Condition['status'];
  readonly reason: Reason;
  readonly message?: string;
}

export type ConditionStates = Readonly<Record<string, ConditionState>>;

/** Kubernetes takes 32 768 characters; nobody reads so many. */
const LONGEST_MESSAGE = 1024;

/**
 * The conditions as they are now. One that says the same as before stays as it is, its time included: a status that
 * changes each time wakes everybody who watches it, the operator first.
 */
export function withConditions(
  before: readonly Condition[],
  states: ConditionStates,
  { generation, now }: { readonly generation: number; readonly now: Date },
): Condition[] {
  const named = Object.entries(states).map(([type, { status, reason, message = '' }]): Condition => {
    const known = before.find((condition) => condition.type === type);
    const isTransition = known?.status !== status;
    const lastTransitionTime = isTransition || known === undefined ? wholeSeconds(now) : known.lastTransitionTime;
    const text = message.slice(0, LONGEST_MESSAGE);
    return { type, status, reason, message: text, observedGeneration: generation, lastTransitionTime };
  });
  const others = before.filter(({ type }) => !(type in states));
  return [...named, ...others];
}

/** The API server drops fractions of seconds, and what it drops would look like a change. */
function wholeSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}
