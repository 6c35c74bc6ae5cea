import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/*
 * Beside a thread that simulates: whoever turns in a chain of promises without end lets no timer of his own have its turn. The
 * processor's time is counted, which a busy machine does not make longer.
 */

/** A schedule takes a tenth of a second, and two for all the steps that it may have. */
const STILL_MS = 6_000;
const LOOK_MS = 500;
const STDERR = 2;

const moves = workerData as Int32Array;
let seen = { moves: -1, usedMs: 0 };

function look(): void {
  const { user, system } = process.cpuUsage();
  const now = { moves: Atomics.load(moves, 0), usedMs: (user + system) / 1_000 };
  if (now.moves !== seen.moves) seen = now;
  if (now.usedMs - seen.usedMs < STILL_MS) return;
  writeSync(STDERR, `stands still: no schedule has ended for ${STILL_MS / 1_000} s of the processor\n`);
  process.kill(process.pid, 'SIGKILL');
}

setInterval(look, LOOK_MS);
