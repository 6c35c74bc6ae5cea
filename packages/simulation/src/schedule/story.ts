import type { Scheduler } from './scheduler.js';

/** Who did what, in order. Nobody listens unless a seed is told again. */
export interface Story {
  tell(who: string, words: () => string): void;
}

export const SILENT: Story = { tell: () => undefined };

/** Writes each line down, with the simulated time in milliseconds. */
export function writtenStory(scheduler: Scheduler, lines: string[]): Story {
  return {
    tell: (who, words) => {
      lines.push(`${scheduler.now.toFixed(1).padStart(9)}  ${who.padEnd(12)} ${words()}`);
    },
  };
}
