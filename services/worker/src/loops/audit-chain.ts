import type { AuditChains } from '@eden/domain';
import type { ServiceTelemetry } from '@eden/telemetry';
import { startLoop } from './repeating.js';

/** How long an entry waits for its place at most, while a worker runs and is not behind. */
const LINK_MS = 1_000;
const PRUNE_MS = 3_600_000;

/** What one statement takes: far below what the statements of the control database may last. */
const LINKED_AT_ONCE = 100;
const PRUNED_AT_ONCE = 1_000;

export interface AuditKeeping {
  readonly chains: AuditChains;
  /** AUDIT_RETENTION_DAYS: 0 keeps everything. */
  readonly keptDays: number;
}

export interface AuditChainLoops {
  stop(): Promise<void>;
}

/** Links the entries of the audit, and takes the old ones away. Any number of workers may: they do not wait for each other. */
export function startAuditChain(
  { chains, keptDays }: AuditKeeping,
  { log, auditPruned }: Pick<ServiceTelemetry, 'log' | 'auditPruned'>,
): AuditChainLoops {
  let stopped = false;
  const link = startLoop({
    name: 'audit-chain',
    everyMs: LINK_MS,
    log,
    round: async () => {
      while (!stopped && (await chains.link(LINKED_AT_ONCE)) >= LINKED_AT_ONCE);
    },
  });
  const prune = startLoop({
    name: 'audit-retention',
    everyMs: PRUNE_MS,
    log,
    round: async () => {
      for (let gone = 1; gone > 0 && keptDays > 0 && !stopped;) {
        gone = await chains.prune(keptDays, PRUNED_AT_ONCE);
        auditPruned(gone);
      }
    },
  });
  return {
    stop: async () => {
      stopped = true;
      await Promise.all([link.stop(), prune.stop()]);
    },
  };
}
