import type { OwnedRun } from '@eden/domain';
import type { EngineDeps } from '../deps.js';

/** A run while this process works on it: the heartbeat goes on until `stop`. */
export interface Ownership {
  /** The run as of the last compare-and-set. */
  readonly current: OwnedRun;
  /** Aborted when somebody else took the run over. */
  readonly signal: AbortSignal;
  /**
   * Makes a compare-and-set that gives the run another state or epoch. A heartbeat that meets it on the way is refused
   * for its old epoch, possibly before `step` is answered, and that says nothing about the owner.
   */
  advance(step: (owned: OwnedRun) => Promise<OwnedRun>): Promise<void>;
  stop(): void;
}

type OwnershipDeps = Pick<EngineDeps, 'settings'> & {
  readonly clock: Pick<EngineDeps['clock'], 'every'>;
  readonly journal: Pick<EngineDeps['journal'], 'heartbeat' | 'onReleased'>;
  readonly telemetry: Pick<EngineDeps['telemetry'], 'log'>;
};

/**
 * Renews the heartbeat every third of the lease, and at once when somebody says that the run was taken away; a failed
 * renewal is tried again, a refused one ends the ownership.
 */
export function keepOwnership(deps: OwnershipDeps, owned: OwnedRun): Ownership {
  const lost = new AbortController();
  let current = owned;
  let advancing = false;
  const beat = async (): Promise<void> => {
    const asked = current;
    try {
      const refused = !(await deps.journal.heartbeat(asked));
      if (refused && asked === current && !advancing) lost.abort(new Error('run taken over'));
    } catch (error) {
      deps.telemetry.log.warn('run heartbeat failed', { run: owned.run.uuid, reason: String(error) });
    }
  };
  const endBeating = deps.clock.every(deps.settings.leaseMs / 3, () => void beat());
  const unsubscribe = deps.journal.onReleased((runUuid) => {
    if (runUuid === owned.run.uuid) void beat();
  });
  return {
    get current() {
      return current;
    },
    signal: lost.signal,
    advance: async (step) => {
      advancing = true;
      try {
        current = await step(current);
      } finally {
        advancing = false;
      }
    },
    stop: () => {
      endBeating();
      unsubscribe();
    },
  };
}
