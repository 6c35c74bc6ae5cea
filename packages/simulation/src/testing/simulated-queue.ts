import type { QueueUnderTest } from '../../../queue/src/testing/contract.js';
import { JobQueue } from '../queue/job-queue.js';
import { Network } from '../schedule/network.js';
import { Process } from '../schedule/process.js';
import { Random } from '../schedule/random.js';
import { Scheduler } from '../schedule/scheduler.js';
import { SILENT } from '../schedule/story.js';
import { PacedScheduler } from './paced-scheduler.js';

/** Simulated milliseconds in one of the clock on the wall. */
const RATE = 20;

/** The queue of the simulation as its contract sees it. */
export function simulatedQueue(): QueueUnderTest {
  const scheduler = new Scheduler();
  const random = new Random(1);
  const network = new Network(scheduler, random.fork(), () => false, SILENT);
  const queue = new JobQueue(network);
  const pace = new PacedScheduler(scheduler, RATE);
  const processes: Process[] = [];
  const newProcess = (): Process => {
    const process = new Process(scheduler, `process-${processes.length}`, random.fork(), 1);
    processes.push(process);
    return process;
  };
  return {
    name: 'the simulation',
    producer: () => queue.producerFor(newProcess()),
    consume: (slots, handle) => {
      const process = newProcess();
      queue.consume({ process, slots, handle, onError: () => undefined });
      return { kill: () => Promise.resolve(process.kill()) };
    },
    empty: () => Promise.resolve(queue.empty()),
    reset: () => {
      for (const process of processes.splice(0)) process.kill();
      queue.empty();
      return Promise.resolve();
    },
    close: () => pace.stop(),
  };
}
