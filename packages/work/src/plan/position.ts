import type { PlannedApi, PlannedBinding } from '@eden/domain';

/** A binding in the order of the plan. */
export interface Positioned {
  readonly api: PlannedApi;
  readonly binding: PlannedBinding;
  readonly index: number;
  /** Key of the database that it changes. */
  readonly database: string;
}

/** By stage, then by the position within one database or one API. */
export function isBefore(a: Positioned, b: Positioned): boolean {
  if (a.api.stage !== b.api.stage) return a.api.stage < b.api.stage;
  if (a.api === b.api) return a.index < b.index;
  return a.database === b.database && a.api.position < b.api.position;
}
