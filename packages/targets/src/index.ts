import type { EndpointKind, TargetAdapter, TargetPort } from '@eden/domain';
import { DEFAULT_LIMITS, PostgresAdapter, type PostgresLimits } from './postgres/adapter.js';

export type { PostgresLimits } from './postgres/adapter.js';

export interface TargetsOptions {
  /** Overrides single bounds. */
  readonly postgres?: Partial<PostgresLimits>;
}

/** The adapters of all kinds; `close` ends what they keep open. */
export function createTargets(options: TargetsOptions = {}): TargetPort & { close(): Promise<void> } {
  const adapters: Readonly<Record<EndpointKind, TargetAdapter>> = {
    Postgres: new PostgresAdapter({ ...DEFAULT_LIMITS, ...options.postgres }),
  };
  return {
    adapter: (kind) => adapters[kind],
    close: async () => {
      await Promise.all(Object.values(adapters).map((adapter) => adapter.close()));
    },
  };
}
