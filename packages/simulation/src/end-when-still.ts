import { Worker } from 'node:worker_threads';

/** From now on the process is ended when it stands still. Answers what tells that it moves. */
export function endWhenStill(): () => void {
  const moves = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  new Worker(new URL('./still-watch.js', import.meta.url), { workerData: moves, execArgv: [] }).unref();
  return () => void Atomics.add(moves, 0, 1);
}
