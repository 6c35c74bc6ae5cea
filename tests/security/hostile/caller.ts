import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Call, Outcome } from './caller-main.js';

const MAIN = fileURLToPath(new URL('caller-main.ts', import.meta.url));
const HOOKS = new URL('../../../packages/locking/src/testing/register-hooks.js', import.meta.url).href;
/** What would be without a bound runs into this. */
const HEAP_MB = 256;

/** How a call ended: with an outcome, or with the end of the process that made it. */
export type CallEnd = Outcome | { readonly processEnded: string };

/** A process that calls targets, and another one when it has ended. */
export class Caller {
  private process: Promise<ChildProcess> | undefined;

  /** @param timeoutMs After which the process is taken for lost. */
  async call(call: Call, timeoutMs: number): Promise<CallEnd> {
    const child = await (this.process ??= start());
    const stopped = new AbortController();
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    try {
      child.send(call);
      return await Promise.race([outcomeOf(child, stopped.signal), this.endOf(child, stopped.signal)]);
    } finally {
      clearTimeout(timer);
      stopped.abort();
    }
  }

  async stop(): Promise<void> {
    const child = await this.process;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  }

  private async endOf(child: ChildProcess, signal: AbortSignal): Promise<CallEnd> {
    const [code, killedBy] = (await once(child, 'exit', { signal })) as [number | null, string | null];
    this.process = undefined;
    return { processEnded: killedBy ?? `exit code ${code}` };
  }
}

async function outcomeOf(child: ChildProcess, signal: AbortSignal): Promise<CallEnd> {
  const [outcome] = (await once(child, 'message', { signal })) as [Outcome];
  return outcome;
}

/** It says when it can be told something. */
async function start(): Promise<ChildProcess> {
  const child = fork(MAIN, {
    execArgv: [
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
      `--max-old-space-size=${HEAP_MB}`,
      '--import',
      HOOKS,
    ],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}
