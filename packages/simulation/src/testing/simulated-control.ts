import type { ControlDatabase as ControlPorts } from '../../../database/src/index.js';
import { createScene, attach, type Scene } from '../../../database/src/testing/tenants.js';
import type { ControlUnderTest } from '../../../database/src/testing/contract/control-under-test.js';
import { journalOf, storeOf } from '../control/control-ports.js';
import { ControlDatabase } from '../control/control-database.js';
import { outboxOf } from '../control/outbox-port.js';
import type { RunRow } from '../control/tables.js';
import { Network } from '../schedule/network.js';
import { Process } from '../schedule/process.js';
import { Random } from '../schedule/random.js';
import { Scheduler } from '../schedule/scheduler.js';
import { SILENT } from '../schedule/story.js';
import { ORGANIZATION } from '../workload/uuids.js';
import { PacedScheduler } from './paced-scheduler.js';

const PLACE = 'home';
const AN_HOUR_MS = 3_600_000;
/** Simulated milliseconds in one of the clock on the wall. */
const RATE = 20;

export interface SimulatedControl extends ControlUnderTest {
  stop(): Promise<void>;
}

/** The control database of the simulation as its contract sees it. @param broken Guards that are taken away */
export function simulatedControl(broken: ReadonlySet<string> = new Set()): SimulatedControl {
  const scheduler = new Scheduler();
  const random = new Random(1);
  const network = new Network(scheduler, random.fork(), () => false, SILENT);
  const pace = new PacedScheduler(scheduler, RATE);
  const rows = new Map<Scene['control'], ControlDatabase>();
  const change = (scene: Scene, run: string, changes: Partial<RunRow>): Promise<void> => {
    rows.get(scene.control)?.atOnce((tx) => tx.change('runs', run, changes));
    return Promise.resolve();
  };
  return {
    newScene: async () => {
      const database = new ControlDatabase('control', network, scheduler, () => undefined);
      const process = new Process(scheduler, 'process', random.fork(), 1);
      const control = portsOf(database, process, broken);
      rows.set(control, database);
      const scene = await createScene(control);
      await attach(scene);
      return scene;
    },
    silence: (scene, run) => change(scene, run, { heartbeatAt: scheduler.now - AN_HOUR_MS }),
    takeOver: (scene, run) => change(scene, run, { timeline: 'another' }),
    stop: () => pace.stop(),
  };
}

/** A scene has a control database of its own. */
function portsOf(database: ControlDatabase, process: Process, broken: ReadonlySet<string>): ControlPorts {
  const way = { database, process, place: PLACE, broken };
  database.atOnce((tx) => {
    tx.put('installations', PLACE, { id: PLACE });
    tx.put('places', PLACE, { place: PLACE, installationId: PLACE });
  });
  const store = storeOf(way);
  const createOrganization = () => Promise.resolve({ uuid: ORGANIZATION });
  const ports = {
    store: { ...store, identity: { ...store.identity, createOrganization } },
    journal: journalOf(way),
    outbox: outboxOf(way),
  };
  // Neither retention nor what tells servers apart is simulated.
  return ports as unknown as ControlPorts;
}
