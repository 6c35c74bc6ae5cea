import process from 'node:process';
import { Presets, SingleBar } from 'cli-progress';

const WIDTH = 46;

export interface StepTime {
  readonly name: string;
  readonly durationMs: number;
}

/** Tells a step how far it is, from 0 to 1. */
export type Report = (done: number) => void;

/** Runs steps one after the other, each with a progress bar (one line per step where there is no terminal). */
export class Steps {
  readonly times: StepTime[] = [];

  async run<T>(name: string, work: (report: Report) => Promise<T>): Promise<T> {
    const bar = process.stdout.isTTY ? startBar(name) : null;
    const startedAt = performance.now();
    try {
      const result = await work((done) => bar?.update(Math.min(99, Math.round(done * 100))));
      const durationMs = performance.now() - startedAt;
      this.times.push({ name, durationMs });
      bar?.update(100);
      if (bar === null) process.stdout.write(`${name.padEnd(WIDTH)} ${seconds(durationMs)}\n`);
      return result;
    } finally {
      bar?.stop();
    }
  }
}

function startBar(name: string): SingleBar {
  const format = `${name.padEnd(WIDTH)} {bar} {percentage}% {duration_formatted}`;
  const bar = new SingleBar({ format, barsize: 24, hideCursor: true }, Presets.shades_classic);
  bar.start(100, 0);
  return bar;
}

export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(2).padStart(7)} s`;
}
