import type { Uuid } from './ids.js';
import type { RunKind, RunState } from './run.js';

/** Something of an organization that is not as it was: what that is now is asked for as ever. */
export interface OrganizationChange {
  /** When it was noticed; a stream that breaks goes on from there. */
  readonly at: Date;
  readonly migrationUuid: Uuid;
  readonly migrationId: string;
  /** Null where it is the migration itself. */
  readonly run: {
    readonly uuid: Uuid;
    readonly kind: RunKind;
    readonly state: RunState;
  } | null;
}
