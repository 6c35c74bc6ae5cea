import { types } from 'node:util';
import type { Redis } from 'ioredis';
import { BATCH_SCRIPT, sha1 } from './scripts.js';

interface Call {
  readonly hash: string;
  readonly keyCount: number;
  /** Keys first. */
  readonly args: readonly (string | number)[];
  readonly resolve: (answer: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** No script keeps its server from others for longer than this many small ones do. */
const MOST_AT_ONCE = 64;

const BATCH_HASH = sha1(BATCH_SCRIPT);

/**
 * A master as Redlock asks it: what it is asked in one turn of the event loop is sent as one script. Half of what a lock
 * costs, a process and a server spend on commands, not on what these do.
 */
export class BatchedScripts {
  private waiting: Call[] = [];

  constructor(private readonly redis: Redis) {}

  evalsha(hash: string, keyCount: number, args: readonly (string | number)[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      // Behind all timers and answers of this turn: leases that are due together are renewed together.
      if (this.waiting.length === 0) setImmediate(() => this.flush());
      this.waiting.push({ hash, keyCount, args, resolve, reject });
    });
  }

  /** Of a script that the server does not have yet. */
  eval(text: string, keyCount: number, args: readonly (string | number)[]): Promise<unknown> {
    return this.redis.eval(text, keyCount, ...args);
  }

  private flush(): void {
    const calls = this.waiting;
    this.waiting = [];
    for (let at = 0; at < calls.length; at += MOST_AT_ONCE) this.send(calls.slice(at, at + MOST_AT_ONCE));
  }

  private send(calls: readonly Call[]): void {
    const [only, ...others] = calls;
    const answered = only === undefined || others.length > 0 ? this.sendTogether(calls) : this.sendAlone(only);
    answered.then(
      (answers) => calls.forEach((call, at) => settle(call, answers[at])),
      (reason: unknown) => calls.forEach(({ reject }) => reject(reason)),
    );
  }

  private async sendAlone({ hash, keyCount, args }: Call): Promise<readonly unknown[]> {
    return [await this.redis.evalsha(hash, keyCount, ...args)];
  }

  private async sendTogether(calls: readonly Call[]): Promise<readonly unknown[]> {
    const keys = calls.flatMap(({ keyCount, args }) => args.slice(0, keyCount));
    const rest = calls.flatMap(({ hash, keyCount, args }) => [
      ...[hash, keyCount, args.length - keyCount],
      ...args.slice(keyCount),
    ]);
    const asked = [...keys, ...rest];
    try {
      return (await this.redis.evalsha(BATCH_HASH, keys.length, ...asked)) as unknown[];
    } catch (error) {
      if (!types.isNativeError(error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await this.redis.eval(BATCH_SCRIPT, keys.length, ...asked)) as unknown[];
    }
  }
}

/** A script that has failed has answered with its error, and the others have done what they do. */
function settle({ resolve, reject }: Call, answer: unknown): void {
  if (typeof answer === 'number') resolve(answer);
  else reject(new Error(String(answer)));
}
