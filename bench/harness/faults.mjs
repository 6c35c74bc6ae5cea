import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './waiting.mjs';

/** The worker of the crash tests: it kills itself with SIGKILL where it is told to (see tests/crash/worker-main.js). */
export const FALLIBLE_WORKER = 'tests/crash/worker-main.js';

export async function withFaults(work) {
  const folder = await mkdtemp(join(tmpdir(), 'eden-bench-faults-'));
  try {
    for (const name of ['armed', 'struck']) await mkdir(join(folder, name));
    return await work(new Faults(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

class Faults {
  constructor(folder) {
    this.folder = folder;
  }

  get variables() {
    return { EDEN_FAULTS: this.folder };
  }

  /** `place` is the name of a crash point, with `.<number>` where it belongs to a participant. */
  async arm(place) {
    await rm(this.path('struck', place), { force: true });
    await writeFile(this.path('armed', place), '');
  }

  struck(place) {
    return until(() => existsSync(this.path('struck', place)), `a worker to fall at ${place}`);
  }

  path(state, place) {
    return join(this.folder, state, `${place}.SIGKILL`);
  }
}
