import { pauseRun, resumeRun, tuneRun, type CoordinatorDeps } from '@eden/coordinator';
import { isFinished, type Run, type RunTuning } from '@eden/domain';
import { SUBJECT, type World } from '../world.js';
import { migrationUuid } from './uuids.js';

/** Paused for so long, whoever has paused it has looked at it; in milliseconds. */
const PAUSED_MS = 12_000;

type Request = (words: string, work: (deps: CoordinatorDeps) => Promise<Run>) => void;

/** Those who pause runs, let them go on, and change how fast they go. */
export class Pace {
  /** Since when somebody has seen a run paused, by its uuid. */
  private readonly paused = new Map<string, number>();

  constructor(
    private readonly world: World,
    private readonly request: Request,
  ) {}

  pause(migration: number): void {
    this.request(`pause of migration ${migration}`, (deps) => pauseRun(deps, SUBJECT, migrationUuid(migration)));
  }

  resume(migration: number): void {
    this.request(`resume of migration ${migration}`, (deps) => resumeRun(deps, SUBJECT, migrationUuid(migration)));
  }

  tune(migration: number, target: number): void {
    const run = this.runs().find((row) => row.migrationUuid === migrationUuid(migration) && !isFinished(row.state));
    if (run === undefined) return;
    const changes = TUNINGS[target % TUNINGS.length] ?? {};
    this.request(`pace of run ${run.uuid}`, (deps) => tuneRun(deps, SUBJECT, run.uuid, changes));
  }

  resumePaused(): void {
    const { now } = this.world.scheduler;
    for (const { uuid, state, migrationUuid: of } of this.runs()) {
      if (state !== 'paused') this.paused.delete(uuid);
      else if (!this.paused.has(uuid)) this.paused.set(uuid, now);
      else if (now - (this.paused.get(uuid) ?? now) > PAUSED_MS)
        this.request('resume of what is paused', (deps) => resumeRun(deps, SUBJECT, of));
    }
  }

  private runs() {
    return [...this.world.control.table('runs').values()];
  }
}

const TUNINGS: readonly RunTuning[] = [
  { batch_size: 1 },
  { batch_size: 3 },
  { batch_size: 20 },
  { batch_size: null },
  { max_rows_per_second: 4 },
  { max_rows_per_second: 15 },
  { max_rows_per_second: null },
  { batch_size: 2, max_rows_per_second: 6 },
];
