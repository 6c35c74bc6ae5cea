import type {
  BoundText,
  Endpoint,
  ExecutionOptions,
  JsonObject,
  LoneStatement,
  ReaderGate,
  StatementLimits,
  StatementResult,
  Uuid,
} from '@eden/domain';
import type { QueryResult } from 'pg';
import { sever } from './connect.js';
import { isOfStatement, isStale } from './errors.js';
import { gateOf, judgeGate, selectGate, trySelectLock, type FoundGate } from './gate.js';
import { isBindable, leaveToText } from './pipeline/bindable.js';
import { SOON_MS } from './pipeline/limits.js';
import { PipelinedRead, PipelineSession } from './pipeline/pipelined-read.js';
import type { PooledClient, Pools } from './pool.js';
import { leavesNothing, resetStatements } from './session-reset.js';
import { splitStatements } from './split.js';
import { milliseconds } from './sql.js';

/** Reads that share a connection at a time: what one of them makes the others wait is multiplied by their number. */
const MOST_BESIDE = 32;
/** Of all that are under way on a connection, about: what any network takes at once. */
const MOST_BYTES = 24 * 1024;
/** Of what is around a statement: limits, gate, reset. */
const FRAME_BYTES = 512;
/** After so long a connection takes no more of them, so that it is given back, and whoever waits for one in the pool has a turn. */
const SHARED_MS = 50;
/** More than that is a large answer. */
const LARGE_BYTES = 256 * 1024;
/** What did not behave beside others stays by itself for a while. */
const APART_MS = 10_000;
const MOST_APART = 10_000;
/** The driver's bound for a server that says nothing at all. */
const WITHIN_SILENCE = { query_timeout: 5_000 };
/**
 * Of a statement whose values are beside it, in bytes, all together. Of a message that the network takes in two the server would do
 * the first part, and wait for the rest within the gate.
 */
const LONGEST_BOUND = 1_024;

/** `failed`: it has not behaved itself; `cut off`: somebody else has not; `pooled`: the connection cannot be shared. */
type Outcome = Answer | 'failed' | 'cut off' | 'pooled';

interface Answer {
  readonly result: StatementResult;
  /** Null where there was none to look at. */
  readonly gate: FoundGate | null;
}

/**
 * Reads of one statement, many on one connection of the pool, none waiting for the answer to the one before.
 *
 * Each is a transaction of its own, sent at once: limits, gate, statement, reset. Where the statement has its values beside it, all of
 * that is prepared and called by name (pipeline/); else it is one message of text. Here only what goes well is answered: a read that
 * fails, takes its time, meets a closed gate or leaves something in the session ends the connection, and with everybody whom that
 * concerns is read on a connection of its own (execute.ts), as if it had not been here. That is how often it likes: it only reads.
 */
export class SharedReads {
  private readonly sessions = new Map<Uuid, SharedSession>();
  /** Until when, by the name of the read. */
  private readonly apart = new Map<string, number>();

  constructor(private readonly pools: Pools) {}

  /** Null: read it by itself. @throws EdenError ENDPOINT_UNAVAILABLE, ENDPOINT_NOT_ALLOWED */
  async read(endpoint: Endpoint, options: ExecutionOptions, read: LoneStatement): Promise<StatementResult | null> {
    if (this.isApart(endpoint.uuid) || this.isApart(read.name) || options.gate?.mode === 'watch') return null;
    const message = await messageOf(options, read);
    if (message === null) return null;
    const outcome = await this.sessionAt(endpoint).read(message);
    const result = typeof outcome === 'string' ? null : resultOf(outcome, options);
    if (outcome === 'pooled') this.setApart(endpoint.uuid);
    else if (result === null && outcome !== 'cut off') this.setApart(read.name);
    return result;
  }

  /** Those who are under way finish where they are. */
  forget(endpointUuid: Uuid): void {
    this.sessions.delete(endpointUuid);
  }

  private sessionAt(endpoint: Endpoint): SharedSession {
    const found = this.sessions.get(endpoint.uuid);
    if (found?.version === endpoint.version && found.takesMore) return found;
    const onClosed = (): void =>
      void (this.sessions.get(endpoint.uuid) === session && this.sessions.delete(endpoint.uuid));
    const session: SharedSession = new SharedSession(endpoint.version, this.pools.acquire(endpoint), onClosed);
    this.sessions.set(endpoint.uuid, session);
    return session;
  }

  private isApart(name: string): boolean {
    return (this.apart.get(name) ?? 0) > performance.now();
  }

  private setApart(name: string): void {
    this.apart.delete(name);
    this.apart.set(name, performance.now() + APART_MS);
    const [oldest = name] = this.apart.keys();
    if (this.apart.size > MOST_APART) this.apart.delete(oldest);
  }
}

/** One read, in the form in which it travels. */
type Message = BoundMessage | TextMessage;

interface BoundMessage {
  readonly bytes: number;
  readonly bound: BoundText;
  readonly gate: ReaderGate | null;
}

interface TextMessage {
  readonly bytes: number;
  readonly statements: readonly string[];
  /** Of the results. */
  readonly gateAt: number | null;
  readonly statementAt: number;
}

/** Null: it cannot travel with others. */
async function messageOf(options: ExecutionOptions, read: LoneStatement): Promise<Message | null> {
  return (await boundMessageOf(options, read)) ?? textMessageOf(options, read);
}

/** Null where its values have to stand in its text, or its limits are shorter than those of everybody. */
async function boundMessageOf(
  options: ExecutionOptions,
  { bound = null, limits }: LoneStatement,
): Promise<BoundMessage | null> {
  if (bound === null || hasShortLimits(options, limits)) return null;
  const bytes = bytesOf(bound);
  if (bytes > LONGEST_BOUND || !(await isBindable(bound.text))) return null;
  return { bytes: bytes + FRAME_BYTES, bound, gate: options.gate };
}

/** Null where it is no single statement, is taken as it is, is refused, or has parameters of its own. */
async function textMessageOf(options: ExecutionOptions, read: LoneStatement): Promise<TextMessage | null> {
  const { statement } = read;
  if (statement.syntax === 'sql') return null;
  const [only, ...others] = await splitStatements(statement).catch(() => []);
  if (only === undefined || others.length > 0 || only.values.length > 0 || only.isOutside) return null;
  return textMessage(only.text, options, read);
}

function bytesOf({ text, values }: BoundText): number {
  return values.reduce((sum: number, value) => sum + Buffer.byteLength(String(value)), Buffer.byteLength(text));
}

function hasShortLimits(options: ExecutionOptions, limits: StatementLimits): boolean {
  return lockMsOf(options, limits) < SOON_MS || timeoutMsOf(options, limits) < SOON_MS;
}

function lockMsOf({ lockTimeoutMs }: ExecutionOptions, limits: StatementLimits): number {
  return Math.min(SOON_MS, limits.lockTimeoutMs || lockTimeoutMs || SOON_MS);
}

function timeoutMsOf({ statementTimeoutMs }: ExecutionOptions, limits: StatementLimits): number {
  return Math.min(SOON_MS, limits.timeoutMs || statementTimeoutMs || SOON_MS);
}

/** Several statements in one message are a transaction that ends with it, also when one of them fails. */
function textMessage(text: string, options: ExecutionOptions, { limits }: LoneStatement): TextMessage {
  const { gate } = options;
  const before = [
    'SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY',
    `SET LOCAL lock_timeout = ${milliseconds(lockMsOf(options, limits))}`,
    `SET LOCAL statement_timeout = ${milliseconds(timeoutMsOf(options, limits))}`,
    ...(gate === null ? [] : [trySelectLock(gate.apiUuid), selectGate(gate.apiUuid)]),
  ];
  return {
    bytes: Buffer.byteLength(text) + FRAME_BYTES,
    // It may end in a comment, which only a new line ends.
    statements: [...before, `${text}\n`, ...resetStatements(true)],
    gateAt: gate === null ? null : before.length - 1,
    statementAt: before.length,
  };
}

/** Null where the gate does not fit, or has to be looked at again. */
function resultOf(answer: Answer, { gate }: ExecutionOptions): StatementResult | null {
  const { result, gate: found } = answer;
  if (gate === null) return result;
  return found === null || found.standby || judgeGate(gate, found) !== 'open' ? null : result;
}

/** Connections that are known to have no pooler in between. */
const direct = new WeakSet<PooledClient>();

/** Whether the server tells the same number of itself as at the login: a pooler tells one of its own there. */
async function isDirect(client: PooledClient): Promise<boolean> {
  if (direct.has(client)) return true;
  const { rows } = await client.query<{ backend: unknown }>('SELECT pg_catalog.pg_backend_pid() AS backend');
  if (rows[0]?.backend !== client.backend) return false;
  direct.add(client);
  return true;
}

/**
 * A connection while it is shared: from the first read to the moment in which none is under way; then it is given back, or cut off.
 * A pooler of transactions gives the server to somebody else behind each message, whatever has been sent behind it: through
 * one nothing is shared.
 */
class SharedSession {
  private client: PooledClient | null = null;
  private readonly ready: Promise<PooledClient | null>;
  private underWay = 0;
  private bytesUnderWay = 0;
  /** On the clock of `performance`. */
  private sharedUntil = Number.POSITIVE_INFINITY;
  private isOver = false;
  private isSevered = false;
  /** Bytes received when the last read was answered. */
  private answeredAt = 0;

  constructor(
    readonly version: number,
    opening: Promise<PooledClient>,
    private readonly onClosed: () => void,
  ) {
    this.ready = this.open(opening);
  }

  get takesMore(): boolean {
    const hasRoom = this.underWay < MOST_BESIDE && this.bytesUnderWay < MOST_BYTES;
    return hasRoom && !this.isOver && performance.now() < this.sharedUntil;
  }

  async read(message: Message): Promise<Outcome> {
    this.underWay += 1;
    this.bytesUnderWay += message.bytes;
    try {
      const client = await this.ready;
      return client === null ? 'pooled' : await this.send(client, message);
    } finally {
      this.underWay -= 1;
      this.bytesUnderWay -= message.bytes;
      if (this.underWay === 0) this.close();
    }
  }

  private async open(opening: Promise<PooledClient>): Promise<PooledClient | null> {
    this.client = await opening;
    this.sharedUntil = performance.now() + SHARED_MS;
    return (await isDirect(this.client).catch(() => false)) ? this.client : null;
  }

  private send(client: PooledClient, message: Message): Promise<Outcome> {
    if (this.isOver) return Promise.resolve('cut off');
    const { guarded } = client;
    const before = guarded.received;
    guarded.gatherTurn();
    return new Promise((resolve) => {
      submit(client, message, (answer) => {
        const bytes = guarded.received - Math.max(before, this.answeredAt);
        this.answeredAt = guarded.received;
        resolve(this.judge(client, bytes > LARGE_BYTES ? 'failed' : answer));
      });
    });
  }

  /** Called in the order of the messages, and for the one that is at fault before any behind it. */
  private judge(client: PooledClient, answer: Answer | 'failed' | 'stale'): Outcome {
    if (this.isOver) return 'cut off';
    if (typeof answer !== 'string') return answer;
    this.isOver = true;
    this.isSevered = true;
    sever(client);
    // What the session does not know any more the next one is told.
    return answer === 'stale' ? 'cut off' : 'failed';
  }

  private close(): void {
    this.isOver = true;
    this.onClosed();
    this.client?.release(this.isSevered);
  }
}

/** `failed`: not everything was done, or something is left in the session; `stale`: its session knew another schema. */
type Done = (answer: Answer | 'failed' | 'stale') => void;

/** A gate that cannot be read is an answer of a server that is not to be believed. */
function answered(result: StatementResult, gate: () => FoundGate | null): Answer | 'failed' {
  try {
    return { result, gate: gate() };
  } catch {
    return 'failed';
  }
}

function submit(client: PooledClient, message: Message, done: Done): void {
  if ('bound' in message) submitBound(client, message, done);
  else submitText(client, message, done);
}

const pipelines = new WeakMap<PooledClient, PipelineSession>();

function pipelineOf(client: PooledClient): PipelineSession {
  const found = pipelines.get(client) ?? new PipelineSession(client.rowWork);
  pipelines.set(client, found);
  return found;
}

function submitBound(client: PooledClient, { bound, gate }: BoundMessage, done: Done): void {
  const read: PipelinedRead = new PipelinedRead(pipelineOf(client), bound, gate, (error) => {
    if (error === null) return done(read.isFine ? answered(read.result, () => read.foundGate) : 'failed');
    if (read.isNew && isOfStatement(error)) leaveToText(bound.text);
    done(!read.isNew && isStale(error) ? 'stale' : 'failed');
  });
  client.query(Object.assign(read, WITHIN_SILENCE));
}

function submitText(client: PooledClient, { statements, gateAt, statementAt }: TextMessage, done: Done): void {
  const query = { text: statements.join('; '), ...WITHIN_SILENCE };
  client.query(query, (error: Error | null, answer: unknown) => {
    const results = answer as readonly QueryResult[] | undefined;
    const isWhole = error === null && Array.isArray(results) && results.length === statements.length;
    if (!isWhole || !leavesNothing(results.at(-1))) return done('failed');
    const { rows = [], rowCount } = results[statementAt] ?? {};
    const gate = () => (gateAt === null ? null : gateOf(results[gateAt]));
    done(answered({ rows: rows as JsonObject[], rowCount: rowCount ?? 0 }, gate));
  });
}
