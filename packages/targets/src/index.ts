import type { EndpointKind, TargetAdapter, TargetPort } from '@eden/domain';
import { DEFAULT_LIMITS, PostgresAdapter, type PostgresLimits } from './postgres/adapter.js';
import { Reach, type ReachOptions } from './reach/reach.js';

export type { ReachOptions } from './reach/reach.js';
export type { Resolve } from './reach/resolve.js';
export type { PostgresLimits } from './postgres/adapter.js';

export interface TargetsOptions {
  /** Overrides single bounds. */
  readonly postgres?: Partial<PostgresLimits>;
  /** Where endpoints may lead. */
  readonly reach: ReachOptions;
}

/** The adapters of all kinds; `close` ends what they keep open. */
export function createTargets({ postgres, reach }: TargetsOptions): TargetPort & { close(): Promise<void> } {
  const adapters: Readonly<Record<EndpointKind, TargetAdapter>> = {
    Postgres: new PostgresAdapter({ ...DEFAULT_LIMITS, ...postgres }, new Reach(reach)),
  };
  return {
    adapter: (kind) => adapters[kind],
    close: async () => {
      await Promise.all(Object.values(adapters).map((adapter) => adapter.close()));
    },
  };
}
