import type { OwnedRun } from '@eden/domain';
import type { RunDeps } from './deps.js';

/** A run while this process works on it: the heartbeat goes on until `stop`. */
export interface Ownership {
  /** The run as of the last compare-and-set; `advance` replaces it. */
  readonly current: OwnedRun;
  /** Aborted when somebody else took the run over. */
  readonly signal: AbortSignal;
  advance(owned: OwnedRun): void;
  stop(): void;
}

/** Renews the heartbeat every third of the lease; a failed renewal is tried again, a refused one ends the ownership. */
export function keepOwnership(deps: RunDeps, owned: OwnedRun): Ownership {
  const lost = new AbortController();
  let current = owned;
  const beat = async (): Promise<void> => {
    const asked = current;
    try {
      if (!(await deps.journal.heartbeat(asked)) && asked === current) lost.abort(new Error('run taken over'));
    } catch (error) {
      deps.telemetry.log.warn('run heartbeat failed', { run: owned.run.uuid, reason: String(error) });
    }
  };
  const timer = setInterval(() => void beat(), deps.run.leaseMs / 3);
  return {
    get current() {
      return current;
    },
    signal: lost.signal,
    advance: (next) => {
      current = next;
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}
