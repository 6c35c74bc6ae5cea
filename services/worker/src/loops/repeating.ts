import type { Logger } from '@eden/domain';

/** Something that runs again and again until it is stopped. */
export interface Loop {
  /** Asks for a round now, or right after the one that is running. */
  wake(): void;
  /** Resolves when the round that is running has ended. */
  stop(): Promise<void>;
}

export interface LoopOptions {
  readonly name: string;
  readonly everyMs: number;
  readonly log: Logger;
  readonly round: () => Promise<void>;
}

/** Runs a round at once and then `everyMs` after each has ended, or when woken. A failed round is logged; the next comes. */
export function startLoop({ name, everyMs, log, round }: LoopOptions): Loop {
  let timer: NodeJS.Timeout | undefined;
  let woken = false;
  let running: Promise<void> | null = null;
  let stopped = false;
  const turn = async (): Promise<void> => {
    woken = false;
    try {
      await round();
    } catch (error) {
      log.warn('loop round failed', { loop: name, error });
    }
    running = null;
    if (!stopped) timer = setTimeout(start, woken ? 0 : everyMs);
  };
  const start = (): void => {
    clearTimeout(timer);
    running = turn();
  };
  start();
  return {
    wake: () => {
      woken = true;
      if (running === null && !stopped) start();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
