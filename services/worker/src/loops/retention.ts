import { pruneHistory } from '@eden/engine';
import type { EngineDeps, Retention } from '@eden/engine';
import type { OutboxStore } from '@eden/domain';
import { startLoop } from './repeating.js';

/** How often a worker asks whether a round is due, and sweeps what is left over every minute. */
const ASK_MS = 60_000;

export interface RetentionLoop {
  /** Ends the round that is running after the step that it is at. */
  stop(): Promise<void>;
}

/** Takes away what has had its time. */
export function startRetention(deps: EngineDeps, retention: Retention, outbox: OutboxStore): RetentionLoop {
  const stopping = new AbortController();
  const loop = startLoop({
    name: 'retention',
    everyMs: ASK_MS,
    log: deps.telemetry.log,
    round: async () => {
      await outbox.sweep();
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
