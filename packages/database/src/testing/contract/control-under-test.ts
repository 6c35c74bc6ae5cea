import type { Uuid } from '@eden/domain';
import type { Scene } from '../tenants.js';

/** A control database as the contract sees it: its ports, and what only a stranger can do to it. */
export interface ControlUnderTest {
  /** A migration of one API, attached to it; nothing else is there. */
  newScene(): Promise<Scene>;
  /** For a long time nothing was heard of the run's worker. */
  silence(scene: Scene, run: Uuid): Promise<void>;
  /** A standby has taken over since the run was queued, or began. */
  takeOver(scene: Scene, run: Uuid): Promise<void>;
}
