import type { JobProducer, OutboxStore } from '@eden/domain';
import { callForgotten, relayOutbox } from '@eden/engine';
import type { EngineDeps } from '@eden/engine';
import { startLoop } from './repeating.js';

const POLL_MS = 1_000;
/** Of runs whose worker died before it had the lock; of the second that they have (protocol I15) half goes to noticing. */
const RECONCILE_MS = 500;

type RelayDeps = Pick<EngineDeps, 'telemetry' | 'settings' | 'crashPoints'>;

export interface OutboxRelay {
  stop(): Promise<void>;
}

/**
 * Relays the outbox when a NOTIFY comes, and every second in case one was lost. A run that nobody has taken, or whose
 * worker died before it had the lock, is sent again a lease after its last message or heartbeat.
 */
export async function startOutboxRelay(
  outbox: OutboxStore,
  producer: JobProducer,
  deps: RelayDeps,
): Promise<OutboxRelay> {
  const { log } = deps.telemetry;
  const { leaseMs } = deps.settings;
  const relay = startLoop({
    name: 'outbox-relay',
    everyMs: POLL_MS,
    log,
    round: async () => {
      while ((await relayOutbox(outbox, producer, deps)) > 0);
    },
  });
  const reconcile = startLoop({
    name: 'outbox-reconcile',
    everyMs: RECONCILE_MS,
    log,
    round: async () => {
      if ((await callForgotten(outbox, producer, leaseMs)) > 0) relay.wake();
    },
  });
  const unsubscribe = await outbox.subscribe(relay.wake);
  return {
    stop: async () => {
      await unsubscribe();
      await Promise.all([relay.stop(), reconcile.stop()]);
    },
  };
}
