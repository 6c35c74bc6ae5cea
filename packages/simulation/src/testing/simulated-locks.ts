import type { LocksUnderTest } from '../../../locking/src/testing/contract.js';
import { LEASE_MS } from '../../../locking/src/testing/lock-clients.js';
import { LockMasters } from '../locks/lock-masters.js';
import { SimulatedLocks } from '../locks/lock-port.js';
import { Network } from '../schedule/network.js';
import { Process } from '../schedule/process.js';
import { Random } from '../schedule/random.js';
import { Scheduler } from '../schedule/scheduler.js';
import { SILENT } from '../schedule/story.js';
import { PacedScheduler } from './paced-scheduler.js';

const UNWATCHED = { granted: () => undefined, dropped: () => undefined };

/** Simulated milliseconds in one of the clock on the wall. */
const RATE = 4;

/** The locks of the simulation as their contract sees them. @param broken Guards that are taken away */
export function simulatedLocks(broken: ReadonlySet<string> = new Set()): LocksUnderTest {
  const scheduler = new Scheduler();
  const random = new Random(1);
  const network = new Network(scheduler, random.fork(), () => false, SILENT);
  const masters = new LockMasters(network, scheduler, broken);
  const pace = new PacedScheduler(scheduler, RATE);
  const processes = new Map<string, Process>();
  return {
    name: 'the masters of the simulation',
    open: (name) => {
      const process = new Process(scheduler, name, random.fork(), 1);
      processes.set(name, process);
      return Promise.resolve(new SimulatedLocks(masters, process, LEASE_MS, UNWATCHED));
    },
    forget: () => Promise.resolve(masters.empty()),
    silence: (name) => Promise.resolve(processes.get(name)?.kill()),
    reset: () => {
      for (const process of processes.values()) process.kill();
      masters.empty();
      return Promise.resolve();
    },
    close: () => pace.stop(),
  };
}
