import type { EndpointKind, TargetAdapter, TargetPort } from '@eden/domain';
import { DEFAULT_LIMITS, PostgresAdapter, type PostgresLimits } from './postgres/adapter.js';
import { AnswerLimits, DEFAULT_RESULTS, type ResultLimits } from './postgres/guard/answer-limits.js';
import { Reach, type ReachOptions } from './reach/reach.js';

export type { ReachOptions } from './reach/reach.js';
export type { Resolve } from './reach/resolve.js';
export type { PostgresLimits } from './postgres/adapter.js';

export interface TargetsOptions {
  /** What one statement may answer. */
  readonly results?: ResultLimits;
  /** Overrides single bounds. */
  readonly postgres?: Partial<Omit<PostgresLimits, 'answers'>>;
  /** Where endpoints may lead. */
  readonly reach: ReachOptions;
}

/** The adapters of all kinds; `close` ends what they keep open. */
export function createTargets({ results, postgres, reach }: TargetsOptions): TargetPort & { close(): Promise<void> } {
  const answers = new AnswerLimits(results ?? DEFAULT_RESULTS);
  const adapters: Readonly<Record<EndpointKind, TargetAdapter>> = {
    Postgres: new PostgresAdapter({ ...DEFAULT_LIMITS, ...postgres, answers }, new Reach(reach)),
  };
  return {
    adapter: (kind) => adapters[kind],
    close: async () => {
      await Promise.all(Object.values(adapters).map((adapter) => adapter.close()));
    },
  };
}
