import {
  type DatabaseIdentity,
  type Endpoint,
  type ExecutionOptions,
  type ExecutionSession,
  type JsonObject,
  type LintFinding,
  type OutsideSession,
  type OutsideSpec,
  type ParticipantSession,
  type ProofSighting,
  type Settlement,
  type Statement,
  type StatementAnalysis,
  type TargetAdapter,
  type TargetCapabilities,
  type TargetReport,
  type TargetSurvey,
} from '@eden/domain';
import { analyze } from './analyze.js';
import { baseOf, describeConfig, parseConfig, type HttpConfig } from './config.js';
import { exchangeError } from './errors.js';
import { openConnection, protocolOf } from './exchange.js';
import { HttpExecution } from './execute.js';
import { HttpOutside } from './outside-step.js';
import { assertAllowed, type HttpLimits } from './service.js';
import { PlaceOfService } from './settlement.js';

export const DEFAULT_LIMITS: Omit<HttpLimits, 'answers' | 'allowedHosts' | 'reach'> = {
  requestTimeoutMs: 60_000,
  firstPauseMs: 250,
  connectTimeoutMs: 5000,
  retries: 3,
};

const CAPABILITIES: TargetCapabilities = {
  transactions: false,
  gates: false,
  batches: false,
  serverUnprepared: 'prepares nothing: it answers requests',
  statementUnprepared: 'is a request, which is done for good once it is answered',
};

const SURVEY: TargetSurvey = {
  preparing: {
    possible: false,
    maxPreparedTransactions: 0,
    slotsFree: 0,
    reasons: ['A service that is reached by HTTP has no transactions: its requests run as steps outside of them'],
  },
  findings: [],
  whyUnprepared: () => Promise.resolve([]),
};

/**
 * Services that are reached by HTTP. Nothing is sent to them that no template says: to find out whether one is there, a
 * connection is opened and closed again.
 */
export class HttpAdapter implements TargetAdapter {
  readonly kind = 'Http';
  readonly capabilities = CAPABILITIES;

  constructor(private readonly limits: HttpLimits) {}

  parseConfig(config: JsonObject): JsonObject {
    const parsed = parseConfig(config);
    const url = new URL(parsed.base_url);
    assertAllowed(url, this.limits.allowedHosts);
    this.limits.reach.assertLiteralAllowed(url.hostname.replace(/^\[(.*)\]$/, '$1'), portOf(url));
    return parsed;
  }

  describeConfig(config: JsonObject): JsonObject {
    return describeConfig(config);
  }

  async inspect(endpoint: Endpoint): Promise<TargetReport> {
    const { base_url: baseUrl } = endpoint.config as HttpConfig;
    const startedAt = performance.now();
    const url = new URL(baseUrl);
    const signal = AbortSignal.timeout(this.limits.connectTimeoutMs);
    try {
      assertAllowed(url, this.limits.allowedHosts, endpoint.id);
      const connection = await openConnection(url, () => this.limits.reach.socket(), signal);
      const serverVersion = protocolOf(connection);
      connection.destroy();
      const latencyMs = performance.now() - startedAt;
      const identity = identityOf(endpoint);
      return { latencyMs, serverVersion, identity, role: 'client', class: 'compensable', schemaFingerprint: '' };
    } catch (error) {
      throw exchangeError(endpoint.id, error, true);
    }
  }

  describeSchema(): Promise<null> {
    return Promise.resolve(null);
  }

  survey(): Promise<TargetSurvey> {
    return Promise.resolve(SURVEY);
  }

  async analyze(statement: Statement): Promise<StatementAnalysis> {
    return analyze(statement);
  }

  withoutConcurrently(text: string): Promise<string> {
    return Promise.resolve(text);
  }

  estimateRows(): Promise<null> {
    return Promise.resolve(null);
  }

  install(): Promise<readonly LintFinding[]> {
    return Promise.resolve([]);
  }

  openExecution(endpoint: Endpoint, options: ExecutionOptions): Promise<ExecutionSession> {
    return Promise.resolve(new HttpExecution(endpoint, options, this.limits));
  }

  renewIdentity(): Promise<boolean> {
    return Promise.resolve(false);
  }

  identify(endpoint: Endpoint): Promise<DatabaseIdentity> {
    return Promise.resolve(identityOf(endpoint));
  }

  /** One address is one service: there are no copies of it to be told apart. */
  withProof<T>(endpoint: Endpoint, work: (proof: string) => Promise<T>): Promise<T> {
    return work(identityOf(endpoint).place);
  }

  findProof(endpoint: Endpoint, proof: string): Promise<ProofSighting> {
    return Promise.resolve(identityOf(endpoint).place === proof ? 'held' : 'not held');
  }

  /** No plan has one: see `capabilities.transactions`. */
  openParticipant(): Promise<ParticipantSession> {
    return Promise.reject(new TypeError('a service that is reached by HTTP takes part in no transaction'));
  }

  openOutside(endpoint: Endpoint, spec: OutsideSpec): Promise<OutsideSession> {
    return Promise.resolve(new HttpOutside(endpoint, spec, this.limits));
  }

  openSettlement(endpoint: Endpoint): Promise<Settlement> {
    return Promise.resolve(new PlaceOfService(identityOf(endpoint)));
  }

  forget(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A service is known by its address. */
function identityOf({ config }: Endpoint): DatabaseIdentity {
  const place = baseOf(config as HttpConfig);
  return { key: `http ${place}`, place, name: place };
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
