import type { EndpointKind, TargetAdapter, TargetPort } from '@eden/domain';
import { DEFAULT_LIMITS as MYSQL_LIMITS, MysqlAdapter, type MysqlLimits } from './mysql/adapter.js';
import { DEFAULT_LIMITS as POSTGRES_LIMITS, PostgresAdapter, type PostgresLimits } from './postgres/adapter.js';
import { DEFAULT_LIMITS as HTTP_LIMITS, HttpAdapter } from './http/adapter.js';
import type { HttpLimits } from './http/service.js';
import { AnswerLimits, DEFAULT_RESULTS, type AnswerMemory, type ResultLimits } from './answer-limits.js';
import { Reach, type ReachOptions } from './reach/reach.js';
import { checkConfig, withReferences } from './secrets/resolving-adapter.js';
import { SecretReferences, type SecretPlaces } from './secrets/secret-references.js';

export type { AnswerMemory } from './answer-limits.js';
export type { ReachOptions } from './reach/reach.js';
export type { SecretPlaces } from './secrets/secret-references.js';
export type { Resolve } from './reach/resolve.js';
export type { MysqlLimits } from './mysql/adapter.js';
export type { PostgresLimits } from './postgres/adapter.js';
export type { HttpLimits } from './http/service.js';
export { post, type Post } from './http/post.js';

export interface TargetsOptions {
  /** What one statement may answer. */
  readonly results?: ResultLimits;
  /** Overrides single bounds. */
  readonly postgres?: Partial<Omit<PostgresLimits, 'answers'>>;
  readonly mysql?: Partial<Omit<MysqlLimits, 'answers'>>;
  readonly http?: Partial<Omit<HttpLimits, 'answers' | 'reach' | 'allowedHosts'>>;
  /** Hosts that endpoints of the kind Http may reach. Default: none. */
  readonly httpHosts?: readonly string[];
  /** Where endpoints may lead. */
  readonly reach: ReachOptions;
  /** Where the secrets are that configs only name. Default: nowhere. */
  readonly secrets?: SecretPlaces;
}

const NO_SECRETS: SecretPlaces = { env: {}, dir: undefined };

/** Where anything may lead that a tenant names, for others than targets: sockets to allowed addresses only. */
export function createReach(options: ReachOptions): Pick<Reach, 'socket'> {
  return new Reach(options);
}

/** The adapters of all kinds, and the memory for what they answer; `close` ends what they keep open. */
export function createTargets({
  results,
  postgres,
  mysql,
  http,
  httpHosts: allowedHosts = [],
  reach,
  secrets = NO_SECRETS,
}: TargetsOptions): TargetPort & { readonly answers: AnswerMemory; close(): Promise<void> } {
  const answers = new AnswerLimits(results ?? DEFAULT_RESULTS);
  const adapters: Readonly<Record<EndpointKind, TargetAdapter>> = {
    Postgres: new PostgresAdapter({ ...POSTGRES_LIMITS, ...postgres, answers }, new Reach(reach)),
    MySQL: new MysqlAdapter({ ...MYSQL_LIMITS, ...mysql, answers }, new Reach(reach)),
    Http: new HttpAdapter({ ...HTTP_LIMITS, ...http, answers, allowedHosts, reach: new Reach(reach) }),
  };
  const references = new SecretReferences(secrets);
  const resolving = Object.fromEntries(
    Object.entries(adapters).map(([kind, adapter]) => [kind, withReferences(adapter, references)]),
  ) as Readonly<Record<EndpointKind, TargetAdapter>>;
  return {
    answers,
    adapter: (kind) => resolving[kind],
    checkConfig: (kind, config, organizationUuid) =>
      checkConfig(adapters[kind], references, { config, organizationUuid }),
    close: async () => {
      await Promise.all(Object.values(adapters).map((adapter) => adapter.close()));
    },
  };
}
