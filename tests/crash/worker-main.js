/**
 * A worker that dies or freezes where a test says so: the parts of the production worker, with crash points that act.
 * Its production main knows nothing of this. Started with EDEN_FAULTS, the folder of faults.ts.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadWorkerConfig, runProcess } from '@eden/config';
import { createContext } from '../../services/worker/dist/context.js';
import { startWorker } from '../../services/worker/dist/worker.js';

const FOLDER = process.env['EDEN_FAULTS'];
const SIGNALS = ['SIGKILL', 'SIGSTOP'];

/** Renaming is atomic: of all processes that reach an armed point only one takes the fault, and only once. */
function take(armed) {
  const struck = join(FOLDER, 'struck', armed);
  try {
    renameSync(join(FOLDER, 'armed', armed), struck);
    writeFileSync(struck, String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return false;
  }
}

/** What is sent to oneself may take a moment to arrive; until then nothing more must happen here. */
function strike(signal) {
  process.kill(process.pid, signal);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
}

/** @type {import('@eden/domain').CrashPoints} */
const crashPoints = {
  reach: (point, participant) => {
    const place = participant === undefined ? point : `${point}.${participant}`;
    for (const signal of SIGNALS) if (take(`${place}.${signal}`)) strike(signal);
    return Promise.resolve();
  },
};

await runProcess(() => startWorker(createContext(loadWorkerConfig(), crashPoints)));
