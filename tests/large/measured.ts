import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Cluster } from '@eden/testkit';

/** A line of the table of `npm run test:large`. */
export interface Figure {
  readonly what: string;
  readonly seconds: number;
  /** The most that the process kept in memory meanwhile, in MiB. */
  readonly gateway_mib: number;
  readonly worker_mib: number;
}

/** Does the work, and notes how long it took and how much memory the two processes took for it. */
export async function measured<T>(cluster: Cluster, what: string, work: () => Promise<T>): Promise<T> {
  const pids = [cluster.gateways[0], cluster.workers[0]].map((each) => each?.process.pid ?? 0);
  pids.forEach(forgetPeak);
  const startedAt = performance.now();
  const result = await work();
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  const [gateway_mib = 0, worker_mib = 0] = pids.map(peakMib);
  report({ what, seconds, gateway_mib, worker_mib });
  return result;
}

/** A question to the control database, which takes no process's memory worth telling. */
export function reportCall(what: string, milliseconds: number): void {
  report({ what, milliseconds: Math.round(milliseconds * 10) / 10 });
}

function report(figure: Figure | { readonly what: string; readonly milliseconds: number }): void {
  const file = process.env['EDEN_LARGE_REPORT'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(figure)}\n`);
}

/** From here on the peak is a new one. Linux only, as everything that reads /proc. */
function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

export function peakMib(pid: number): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
}
