import process from 'node:process';
import { Presets, SingleBar } from 'cli-progress';

/** Of the longest name. */
export const NAME_WIDTH = 48;
const BAR_WIDTH = 24;
const FINISHED_BAR = '█'.repeat(BAR_WIDTH);

/** Where steps are shown: stdout, but for tests. */
export type Output = NodeJS.WriteStream;

export interface StepTime {
  readonly name: string;
  readonly durationMs: number;
}

/** Tells a step how far it is, from 0 to 1. */
export type Report = (done: number) => void;

/** Runs steps one after the other, each with a progress bar (one line with the finished bar where there is no terminal). */
export class Steps {
  readonly times: StepTime[] = [];

  constructor(private readonly output: Output = process.stdout) {}

  async run<T>(name: string, work: (report: Report) => Promise<T>): Promise<T> {
    const bar = this.output.isTTY ? startBar(name, this.output) : null;
    const startedAt = performance.now();
    try {
      const result = await work((done) => bar?.update(Math.min(99, Math.round(done * 100))));
      const durationMs = performance.now() - startedAt;
      this.times.push({ name, durationMs });
      bar?.update(100);
      if (bar === null) this.output.write(finishedBar(name, durationMs));
      return result;
    } finally {
      bar?.stop();
    }
  }
}

function finishedBar(name: string, durationMs: number): string {
  return `${name.padEnd(NAME_WIDTH)} ${FINISHED_BAR} 100% ${seconds(durationMs)}\n`;
}

function startBar(name: string, stream: Output): SingleBar {
  const format = `${name.padEnd(NAME_WIDTH)} {bar} {percentage}% {duration_formatted}`;
  const bar = new SingleBar({ format, stream, barsize: BAR_WIDTH, hideCursor: true }, Presets.shades_classic);
  bar.start(100, 0);
  return bar;
}

export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(2).padStart(7)} s`;
}
