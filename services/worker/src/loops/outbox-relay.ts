import { relayOutbox } from '@eden/coordinator';
import type { JobProducer, Logger, OutboxStore } from '@eden/domain';
import { startLoop } from './repeating.js';

/** A run whose message was sent this long ago and that nobody has taken is sent again. */
const FORGOTTEN_MS = 15_000;
const POLL_MS = 1_000;
const RECONCILE_MS = 5_000;
const SWEEP_MS = 60_000;

export interface OutboxRelay {
  stop(): Promise<void>;
}

/** Relays the outbox when a NOTIFY comes, and every second in case one was lost; sends forgotten runs again. */
export async function startOutboxRelay(outbox: OutboxStore, producer: JobProducer, log: Logger): Promise<OutboxRelay> {
  const relay = startLoop({
    name: 'outbox-relay',
    everyMs: POLL_MS,
    log,
    round: async () => {
      while ((await relayOutbox(outbox, producer)) > 0);
    },
  });
  const reconcile = startLoop({
    name: 'outbox-reconcile',
    everyMs: RECONCILE_MS,
    log,
    round: async () => {
      if ((await outbox.requeueForgotten(FORGOTTEN_MS)) > 0) relay.wake();
    },
  });
  const sweep = startLoop({ name: 'outbox-sweep', everyMs: SWEEP_MS, log, round: () => outbox.sweep() });
  const unsubscribe = await outbox.subscribe(relay.wake);
  return {
    stop: async () => {
      await unsubscribe();
      await Promise.all([relay.stop(), reconcile.stop(), sweep.stop()]);
    },
  };
}
