import type { Finding } from './finding.js';
import { ENDLESS_RECORDER } from './endless-recorder.js';
import { CONTRADICTION_THAT_WAS_NONE } from './contradiction-that-was-none.js';
import { PLAN_AFTER_A_REWIND } from './plan-after-a-rewind.js';
import { FORGOTTEN_ATTEMPT_OF_AN_API } from './forgotten-attempt-of-an-api.js';
import { UNTOLD_EXECUTION } from './untold-execution.js';
import { FORGOTTEN_PLAN } from './forgotten-plan.js';
import { HONOURED_STANDBY } from './honoured-standby.js';
import { MIGRATE_BEHIND_A_FORGOTTEN_SYNC } from './migrate-behind-a-forgotten-sync.js';
import { COPY_OF_ONE_WITHOUT_AN_ID } from './copy-of-one-without-an-id.js';

/** What the simulator has found and was mended: the plan that showed it, under schedules that did. */
export const FINDINGS: readonly Finding[] = [
  ENDLESS_RECORDER,
  CONTRADICTION_THAT_WAS_NONE,
  PLAN_AFTER_A_REWIND,
  FORGOTTEN_ATTEMPT_OF_AN_API,
  UNTOLD_EXECUTION,
  FORGOTTEN_PLAN,
  HONOURED_STANDBY,
  MIGRATE_BEHIND_A_FORGOTTEN_SYNC,
  COPY_OF_ONE_WITHOUT_AN_ID,
];
