import type { PlannedApi, PlannedBinding } from '@eden/domain';

/** A binding in the order of the plan. */
export interface Positioned {
  readonly api: PlannedApi;
  readonly binding: PlannedBinding;
  readonly index: number;
  /** Key of the database that it changes. */
  readonly database: string;
}

export function inOrder(apis: readonly PlannedApi[]): readonly PlannedApi[] {
  return apis.toSorted((a, b) => a.stage - b.stage || a.position - b.position);
}

/** By stage, then by the position within one database or one API. */
export function isBefore(a: Positioned, b: Positioned): boolean {
  if (a.api.stage !== b.api.stage) return a.api.stage < b.api.stage;
  if (a.api === b.api) return a.index < b.index;
  return a.database === b.database && a.api.position < b.api.position;
}

/** The steps outside the transaction that have to come after it; bindings are added in the order of the plan. */
export class StepOrder {
  readonly inside: Positioned[] = [];
  /** Steps behind what is in the transaction, or behind such a step. */
  readonly late: Positioned[] = [];

  add(each: Positioned): void {
    const isBehind = (other: Positioned): boolean => isBefore(other, each);
    if (each.binding.outside === undefined) this.inside.push(each);
    else if (this.inside.some(isBehind) || this.late.some(isBehind)) this.late.push(each);
  }
}
