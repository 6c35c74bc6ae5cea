import type {
  Api,
  DatabaseIdentity,
  Endpoint,
  ExecutionOptions,
  ExecutionSession,
  GateAnswer,
  ReaderGate,
  Uuid,
} from '@eden/domain';
import { compareDatabases, EdenError, isSameDatabase } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import type { ApiStep } from './load-api-work.js';
import { readerGateAt } from './reader-gate.js';

/** The transactions of one API execution: one per endpoint, all open from the first gate to the last answer. */
export interface OpenSessions {
  of(endpointUuid: Uuid): ExecutionSession;
  /** Commits the one entered last first: the gate of a database is held until everything in it has committed. */
  commit(): Promise<void>;
  /** Rolls back what is still open; never throws. */
  abandon(): Promise<void>;
  /** Whether what was read of standbys fits together, once all has been read. */
  confirm(): Promise<GateAnswer>;
}

export interface SessionRequest {
  readonly api: Api;
  readonly steps: readonly ApiStep[];
  readonly lockTimeoutMs: number;
  readonly execution: string;
}

/** A process that is stopped inside a gate keeps migrations waiting no longer than this. */
const IDLE_TIMEOUT_MS = 5_000;

/**
 * Opens the transactions and enters every gate, in ascending order of database identity (protocol I7), before
 * anything runs. Otherwise a gate does not fit the definition; nothing is open any more.
 * @throws EdenError ENDPOINT_UNAVAILABLE, LOCK_TIMEOUT when a gate stays closed
 */
export async function openSessions(
  deps: CoordinatorDeps,
  request: SessionRequest,
): Promise<OpenSessions | Exclude<GateAnswer, 'open'>> {
  const sessions = new SessionStack();
  let gated: Whereabouts | null = null;
  try {
    for (const { endpoint, identity } of await inDatabaseOrder(deps, request.steps)) {
      // Endpoints of one database share its gate: a second wait for it could only wait for somebody who waits for us.
      const isGated = gated !== null && isSameDatabase(gated, identity);
      const { answer, session } = await enter(deps, sessions, { endpoint, request, isGated });
      // A standby's gate keeps nobody out.
      if (!session.isOnStandby) gated = identity;
      if (answer === 'open') continue;
      await sessions.abandon();
      return answer;
    }
    return sessions;
  } catch (error) {
    await sessions.abandon();
    throw error;
  }
}

interface Entry {
  readonly endpoint: Endpoint;
  readonly request: SessionRequest;
  /** An earlier transaction has taken the gate of the endpoint's database. */
  readonly isGated: boolean;
}

async function enter(deps: CoordinatorDeps, sessions: SessionStack, { endpoint, request, isGated }: Entry) {
  const session = await openSession(deps, endpoint, request, isGated);
  sessions.push({ endpoint, session });
  return { answer: await session.enter(), session };
}

/** A transaction that nothing has been sent of. @throws EdenError ENDPOINT_UNAVAILABLE */
async function openSession(
  deps: CoordinatorDeps,
  endpoint: Endpoint,
  request: SessionRequest,
  isGated = false,
): Promise<ExecutionSession> {
  const options = await executionAt(deps, endpoint, request, isGated);
  return deps.targets.adapter(endpoint.kind).openExecution(endpoint, options);
}

/** What the target has to know of an execution. */
export async function executionAt(
  deps: CoordinatorDeps,
  endpoint: Endpoint,
  { api, steps, lockTimeoutMs, execution }: SessionRequest,
  isGated = false,
): Promise<ExecutionOptions> {
  const own = await readerGateAt(deps, api, endpoint);
  const gate: ReaderGate | null = own !== null && isGated ? { ...own, mode: 'watch' } : own;
  const templates = steps.filter((step) => step.endpoint.uuid === endpoint.uuid);
  return {
    readOnly: templates.every(({ template }) => template.kind === 'Read'),
    gate,
    lockTimeoutMs,
    statementTimeoutMs: deps.settings.statementTimeoutMs,
    idleTimeoutMs: idleTimeoutMs(deps, steps),
    execution,
  };
}

/** Between two statements of one session; with several, each of them waits for what the others do. */
function idleTimeoutMs(deps: CoordinatorDeps, steps: readonly ApiStep[]): number {
  const isAlone = steps.every(({ endpoint }) => endpoint.uuid === steps[0]?.endpoint.uuid);
  if (isAlone) return IDLE_TIMEOUT_MS;
  const bounds = steps.map(({ template }) => template.settings.timeout_ms ?? deps.settings.statementTimeoutMs);
  return bounds.reduce((sum, bound) => sum + bound, IDLE_TIMEOUT_MS);
}

interface PlacedEndpoint {
  readonly endpoint: Endpoint;
  readonly identity: Whereabouts;
}

/** What tells databases apart, and orders them. */
type Whereabouts = Pick<DatabaseIdentity, 'key' | 'place'>;

/** As the last sync has found it, and as the plans of migrations have it. Where there was none, the database is asked. */
async function inDatabaseOrder(deps: CoordinatorDeps, steps: readonly ApiStep[]): Promise<readonly PlacedEndpoint[]> {
  const endpoints = [...new Map(steps.map(({ endpoint }) => [endpoint.uuid, endpoint])).values()];
  const placed = await Promise.all(
    endpoints.map(async (endpoint) => ({
      endpoint,
      identity: endpoint.database ?? (await deps.targets.adapter(endpoint.kind).identify(endpoint)),
    })),
  );
  return placed.sort((a, b) => compareDatabases(a.identity, b.identity) || compareUuids(a.endpoint, b.endpoint));
}

/** Within a database, so that executions that wait for connections do so in one order as well. */
function compareUuids(a: Endpoint, b: Endpoint): number {
  return a.uuid < b.uuid ? -1 : 1;
}

interface EnteredSession {
  readonly endpoint: Endpoint;
  readonly session: ExecutionSession;
}

/** Sessions in the order they were entered. */
class SessionStack implements OpenSessions {
  private readonly entered: EnteredSession[] = [];

  push(entered: EnteredSession): void {
    this.entered.push(entered);
  }

  of(endpointUuid: Uuid): ExecutionSession {
    const found = this.entered.find(({ endpoint }) => endpoint.uuid === endpointUuid);
    if (found === undefined) throw new Error('no session was opened for the endpoint');
    return found.session;
  }

  async confirm(): Promise<GateAnswer> {
    for (const { session } of this.entered) {
      const answer = await session.confirm();
      if (answer !== 'open') return answer;
    }
    return 'open';
  }

  async commit(): Promise<void> {
    const committed: string[] = [];
    for (let last = this.entered.at(-1); last !== undefined; last = this.entered.at(-1)) {
      try {
        await last.session.commit();
      } catch (error) {
        throw partlyCommitted(error, committed);
      }
      committed.push(last.endpoint.id);
      this.entered.pop();
    }
  }

  async abandon(): Promise<void> {
    await Promise.all(this.entered.splice(0).map(({ session }) => session.abandon()));
  }
}

/** An API is one transaction per endpoint, and not one over all: whoever called it has to know what did happen. */
function partlyCommitted(error: unknown, committed: readonly string[]): unknown {
  if (committed.length === 0 || !(error instanceof EdenError)) return error;
  const context = { ...error.context, committed_endpoints: committed };
  return new EdenError(error.code, context, { sentence: error.message, cause: error });
}
