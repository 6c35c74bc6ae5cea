import { pruneHistory } from '@eden/engine';
import type { EngineDeps, Retention } from '@eden/engine';
import { startLoop } from './repeating.js';

/** How often a worker asks whether a round is due, and sweeps what is left over every minute. */
const ASK_MS = 60_000;

export interface RetentionLoop {
  /** Ends the round that is running after the step that it is at. */
  stop(): Promise<void>;
}

/** Something that keeps what it needs for a while. */
interface Sweepable {
  sweep(): Promise<void>;
}

/** Takes away what has had its time. */
export function startRetention(deps: EngineDeps, retention: Retention, swept: readonly Sweepable[]): RetentionLoop {
  const stopping = new AbortController();
  const loop = startLoop({
    name: 'retention',
    everyMs: ASK_MS,
    log: deps.telemetry.log,
    round: async () => {
      for (const store of swept) await store.sweep();
      await pruneHistory(deps, retention, stopping.signal);
    },
  });
  return {
    stop: async () => {
      stopping.abort();
      await loop.stop();
    },
  };
}
