import type { Process } from './process.js';
import type { Random } from './random.js';
import type { Scheduled, Scheduler } from './scheduler.js';
import type { Story } from './story.js';

/** Something that processes ask: the control database, a target's server, the lock masters, the queue. */
export class Server {
  /** Until then it answers nobody, and does nothing that it is asked for. */
  silentUntil = 0;
  /** Until then it cannot be reached by these processes, by their names. */
  readonly partitions = new Map<string, number>();

  constructor(readonly name: string) {}
}

export type Outcome<T> = { readonly value: T } | { readonly error: unknown };
export type Reply<T> = (outcome: Outcome<T>) => void;

export interface Request<T> {
  /** `<port>.<method>`. */
  readonly name: string;
  readonly server: Server;
  /** After which the process gives up, whatever becomes of the request; in milliseconds. */
  readonly patienceMs: number;
  /** What the port promises to throw then. */
  unavailable(): Error;
  /** The effect. The answer may come later, when something has to be waited for. */
  perform(reply: Reply<T>): void;
  /** The process has given up. */
  onGivenUp?(): void;
  /** For the story. */
  describe?(): string;
}

/** How likely it is that a request or its answer is lost, comes late, or takes long; all of 1. */
export interface Weather {
  readonly requestLost: number;
  readonly answerLost: number;
  /** It takes effect after its process has given up. */
  readonly late: number;
  readonly slow: number;
}

export const CALM: Weather = { requestLost: 0, answerLost: 0, late: 0, slow: 0 };

/** Where a process may be struck: it is about to ask, what it asked for has happened, the answer has arrived. */
export type Phase = 'asking' | 'done' | 'answered';

/** For which a lost message may keep somebody waiting: a lease, and the wait of a client. */
const AFTERMATH_MS = 15_000;

/** Told of every phase; may kill or freeze the process. Answers whether the message is cut off there. */
export type Striker = (process: Process, request: string, phase: Phase) => boolean;

type Fate = 'normal' | 'request lost' | 'answer lost' | 'late';

/** Brings requests to servers and answers back, or does not. */
export class Network {
  weather: Weather = CALM;
  readonly faults = new Map<string, number>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly random: Random,
    private readonly strike: Striker,
    private readonly story: Story,
  ) {}

  /** A request of the process. Its promise stays open for ever when the process dies. */
  ask<T>(process: Process, request: Request<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      new Exchange(this, process, request, { resolve, reject }).begin();
    });
  }

  fate({ requestLost, answerLost, late }: Weather = this.weather): Fate {
    const drawn = this.random.fraction();
    if (drawn < requestLost) return this.count('request lost');
    if (drawn < requestLost + answerLost) return this.count('answer lost');
    if (drawn < requestLost + answerLost + late) return this.count('late');
    return 'normal';
  }

  /** Whoever dies, or is frozen, while sending may have sent it. */
  isUnsent(): boolean {
    return this.random.chance(0.5);
  }

  latency(): number {
    const drawn = this.random.fraction();
    if (drawn < this.weather.slow) return this.random.between(50, 1_500);
    return drawn > 0.95 ? this.random.between(2, 30) : this.random.between(0.1, 2);
  }

  between(least: number, most: number): number {
    return this.random.between(least, most);
  }

  /** Nothing has failed since, by itself or by a fault that lasts. */
  quietSince = 0;

  count<Fault extends string>(fault: Fault, lastsMs = AFTERMATH_MS): Fault {
    this.quietSince = Math.max(this.quietSince, this.scheduler.now + lastsMs);
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
    return fault;
  }

  later(delayMs: number, work: () => void): void {
    this.scheduler.schedule(delayMs, work);
  }

  get now(): number {
    return this.scheduler.now;
  }

  /** Answers whether the message is cut off. */
  reach(process: Process, request: string, phase: Phase): boolean {
    return this.strike(process, request, phase);
  }

  tell(process: Process, words: () => string): void {
    this.story.tell(process.name, words);
  }
}

interface Settle<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** One request on its way. */
class Exchange<T> {
  private isSettled = false;
  private patience: Scheduled | null = null;

  constructor(
    private readonly network: Network,
    private readonly process: Process,
    private readonly request: Request<T>,
    private readonly settle: Settle<T>,
  ) {}

  begin(): void {
    const { network, process, request } = this;
    const isCut = network.reach(process, request.name, 'asking');
    if (process.isUp) this.send(isCut);
    else if (!network.isUnsent()) this.send(isCut);
    // Frozen between what it has looked at and what it does because of that: it does so when it goes on.
    else if (!process.isDead) process.deliver(0, () => this.send(isCut));
  }

  private send(isCut: boolean): void {
    const { network, process, request } = this;
    const fate = isCut || this.isPartitioned() ? 'request lost' : network.fate();
    const gone = fate === 'normal' ? request.patienceMs : network.between(1, Math.min(request.patienceMs, 400));
    this.patience = process.deliver(gone, () => this.giveUp(fate));
    if (fate === 'request lost') return;
    const delay = fate === 'late' ? gone + network.between(1, 4_000) : network.latency();
    network.later(delay, () => this.perform(fate));
  }

  private perform(fate: Fate): void {
    const { network, request } = this;
    const { silentUntil } = request.server;
    if (silentUntil > network.now) {
      network.later(silentUntil - network.now + network.latency(), () => this.perform(fate));
      return;
    }
    request.perform((outcome) => this.answer(outcome, fate));
  }

  private answer(outcome: Outcome<T>, fate: Fate): void {
    const { network, process, request } = this;
    const isLost = fate !== 'normal';
    network.tell(process, () => `${this.words()} ${wordsOf(outcome)}${isLost ? `, and the answer is lost` : ''}`);
    const isCut = network.reach(process, request.name, 'done');
    // The connection is reset: nobody waits as long as the patience lasts.
    if (isCut) process.deliver(network.latency(), () => this.giveUp('answer lost'));
    if (isLost || isCut) return;
    process.deliver(network.latency(), () => this.arrive(outcome));
  }

  private arrive(outcome: Outcome<T>): void {
    const { network, process, request } = this;
    if (this.isSettled) return;
    if (network.reach(process, request.name, 'answered') || process.isDead) return;
    this.isSettled = true;
    this.patience?.cancel();
    if (!process.isUp) process.deliver(0, () => this.end(outcome));
    else this.end(outcome);
  }

  private end(outcome: Outcome<T>): void {
    if ('error' in outcome) this.settle.reject(outcome.error);
    else this.settle.resolve(outcome.value);
  }

  private giveUp(fate: Fate): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.network.tell(this.process, () => `${this.words()} has no answer (${fate})`);
    this.request.onGivenUp?.();
    this.settle.reject(this.request.unavailable());
  }

  private isPartitioned(): boolean {
    const until = this.request.server.partitions.get(this.process.name);
    return until !== undefined && until > this.network.now;
  }

  private words(): string {
    const { name, describe } = this.request;
    return describe === undefined ? name : `${name} ${describe()}`;
  }
}

function wordsOf<T>(outcome: Outcome<T>): string {
  if ('error' in outcome) return `✗ ${String(outcome.error)}`;
  const { value } = outcome;
  if (value === undefined || typeof value === 'object') return '✓';
  return `✓ ${String(value)}`;
}
