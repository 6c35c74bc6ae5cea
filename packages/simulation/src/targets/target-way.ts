import { EdenError } from '@eden/domain';
import type { Endpoint } from '@eden/domain';
import type { Network, Server } from '../schedule/network.js';
import type { Process } from '../schedule/process.js';
import type { TargetDatabase } from './target-database.js';
import { DeadlockDetected, LockNotAvailable, SessionLost, TargetSession, type Procedure } from './target-session.js';
import { blockersOf } from './answers.js';
import { NoSlot } from './procedures.js';
import { StatementFailed } from './statement-failed.js';

/** Which database an address leads to now. */
export type Addresses = ReadonlyMap<string, TargetDatabase>;

/** How one process reaches the targets. */
export interface TargetWay {
  readonly network: Network;
  readonly process: Process;
  readonly addresses: Addresses;
  readonly broken: ReadonlySet<string>;
  /** For which a statement may neither be answered nor be seen at work, in milliseconds. */
  readonly silenceMs: number;
  /** How long raising a fence waits for whoever holds it, in milliseconds. */
  readonly fenceWaitMs: number;
  /** What lies between this process and an address, where that can fail by itself. */
  readonly links?: ReadonlyMap<string, Link>;
}

/** A way to a target; the sessions that were opened over it end with it. */
export interface Link extends Server {
  opened(session: TargetSession): void;
}

/** For one answer while settling or inspecting, in milliseconds. */
const ANSWER_MS = 4_000;

export function databaseAt({ addresses }: TargetWay, endpoint: Endpoint): TargetDatabase {
  const database = addresses.get(String(endpoint.config['address']));
  if (database === undefined) throw new TypeError('an address that leads nowhere');
  return database;
}

function unavailable(endpointId: string, details = 'no answer'): EdenError {
  return new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: endpointId, details });
}

/** What a statement's failure is to the port. */
function statementError(endpointId: string, error: unknown): Error {
  const fields = { endpoint_id: endpointId };
  if (error instanceof EdenError) return error;
  if (error instanceof SessionLost) return unavailable(endpointId, error.message);
  if (error instanceof LockNotAvailable) {
    const context = { ...fields, sqlstate: '55P03', blockers: blockersOf(error) };
    return new EdenError('TEMPLATE_EXECUTION_FAILED', context, { retryable: true, cause: error });
  }
  if (error instanceof NoSlot) {
    const details = 'The database server cannot prepare one more transaction';
    return new EdenError('SERVICE_UNAVAILABLE', { ...fields, details }, { cause: error });
  }
  if (error instanceof DeadlockDetected) {
    const context = { ...fields, sqlstate: '40P01', message: error.message };
    return new EdenError('TEMPLATE_EXECUTION_FAILED', context, { retryable: true, cause: error });
  }
  if (error instanceof StatementFailed) {
    return new EdenError('TEMPLATE_EXECUTION_FAILED', { ...fields, message: error.message }, { cause: error });
  }
  return error as Error;
}

/** A connection of a process to a target. It is severed by whoever gets no answer on it. */
export class Connection {
  private session: TargetSession | null = null;
  private isSevered = false;

  constructor(
    private readonly way: TargetWay,
    private readonly endpoint: Endpoint,
    private readonly application: string,
  ) {
    way.process.onEnd(() => this.loseSession());
  }

  /** @throws EdenError ENDPOINT_UNAVAILABLE */
  open(): Promise<void> {
    return this.ask('connect', ANSWER_MS, (reply) => {
      this.session = new TargetSession(databaseAt(this.way, this.endpoint), this.application);
      this.link?.opened(this.session);
      if (this.isSevered || this.way.process.isDead) this.loseSession();
      reply({ value: undefined });
    });
  }

  /** Sends a message. @throws EdenError ENDPOINT_UNAVAILABLE, and what the server says as `statementError` has it */
  async send<T>(name: string, procedure: (session: TargetSession) => Procedure<T>, patienceMs = ANSWER_MS): Promise<T> {
    const { session } = this;
    if (session === null || this.isSevered) throw unavailable(this.endpoint.id, 'the session is over');
    try {
      return await this.ask<T>(name, patienceMs, (reply) => session.perform(procedure(session), reply));
    } catch (error) {
      throw statementError(this.endpoint.id, error);
    }
  }

  /** The server finds out when the connection is reset, or in its own time. */
  sever(): void {
    this.isSevered = true;
    this.loseSession();
  }

  get isUsable(): boolean {
    return this.session !== null && !this.isSevered && !this.session.isEnded;
  }

  private get link(): Link | undefined {
    return this.way.links?.get(String(this.endpoint.config['address']));
  }

  private loseSession(): void {
    const { session } = this;
    const { network } = this.way;
    if (session === null || session.isEnded) return;
    const isReset = network.between(0, 1) < 0.7;
    network.later(isReset ? network.latency() : network.between(500, 8_000), () => session.end());
  }

  private ask<T>(
    name: string,
    patienceMs: number,
    perform: (
      reply: Parameters<TargetSession['perform']>[1] & ((outcome: { value: T } | { error: unknown }) => void),
    ) => void,
  ): Promise<T> {
    const { network, process } = this.way;
    const { endpoint } = this;
    return network.ask<T>(process, {
      name: `target.${name}`,
      server: this.link ?? databaseAt(this.way, endpoint),
      patienceMs,
      unavailable: () => unavailable(endpoint.id),
      perform: perform as never,
      onGivenUp: () => this.sever(),
      describe: () => `at ${databaseAt(this.way, endpoint).name} (${this.application})`,
    });
  }
}
