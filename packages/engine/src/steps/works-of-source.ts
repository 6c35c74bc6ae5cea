import type { HistoryPlace, OutsideWork, PlannedBinding, RecordStep, SourceMigration, Statement } from '@eden/domain';
import { lookAtHistory } from '@eden/work';
import type { PreparedSource } from '../attempt/sources/prepared-source.js';
import { sourceChanged } from '../attempt/sources/prepared-source.js';
import type { EngineDeps } from '../deps.js';

/** Its history is looked at once more: what it held when it was planned decides which files run. */
export async function worksOfSource(
  deps: EngineDeps,
  prepared: PreparedSource,
): Promise<readonly (readonly [PlannedBinding, OutsideWork])[]> {
  const outside = prepared.planned.bindings.filter(({ outside: each }) => each !== undefined);
  if (outside.length === 0) return [];
  const { tool, source, endpoint, reading, planned } = prepared;
  const limits = { lockTimeoutMs: deps.settings.lockTimeoutMs, statementTimeoutMs: LOOK_MS };
  const history = await lookAtHistory(deps.targets, endpoint, { tool, options: source.options }, limits);
  if (history.fingerprint !== planned.source.fingerprint) {
    throw sourceChanged(prepared, 'Its history holds something else than when the plan was made');
  }
  const { place, rows } = history;
  const { migrations, baseline } = tool.history.assess({
    ...{ migrations: reading.migrations, place, rows, options: source.options },
  });
  const notes = new Notes(deps, prepared, place);
  return outside.map((binding) => {
    const migration = migrations.find(({ version }) => version === binding.file?.version);
    if (migration === undefined)
      throw sourceChanged(prepared, `The folder has no file of ${binding.file?.version ?? ''}`);
    const before = migrations[migrations.indexOf(migration) - 1] ?? null;
    const stays = binding.class === 'irreversible';
    if (prepared.direction === 'down') return [binding, workOfUndoing(migration, notes, { before, stays })] as const;
    const opens = binding === planned.bindings[0] && !isOpenedInside(binding, baseline);
    return [binding, workOfFile(migration, notes, { before, stays, baseline: opens ? baseline : null })] as const;
  });
}

/** A history that counts something as applied is made by the atomic part, which what comes last finds there. */
function isOpenedInside({ outside }: PlannedBinding, baseline: readonly SourceMigration[]): boolean {
  return outside?.phase === 'after' && baseline.length > 0;
}

/** Longest statement of the look at a history, which only reads. */
const LOOK_MS = 30_000;

interface FilePlace {
  /** What precedes it in the folder. */
  readonly before: SourceMigration | null;
  /** Nothing takes back what it does, and so its row stays as well. */
  readonly stays: boolean;
}

interface NewFilePlace extends FilePlace {
  /** Of the first file of all: what counts as applied, in a history that may not be there yet. */
  readonly baseline: readonly SourceMigration[] | null;
}

function workOfFile(migration: SourceMigration, notes: Notes, { before, baseline, stays }: NewFilePlace): OutsideWork {
  return {
    statements: [textOf(migration.up)],
    undo: stays || migration.down === null ? null : [textOf(migration.down)],
    record: notes.applied(migration, baseline),
    unrecord: stays ? [] : notes.removed(migration, before),
  };
}

/** In a rollback, which applies the file again when it fails. */
function workOfUndoing(migration: SourceMigration, notes: Notes, { before, stays }: FilePlace): OutsideWork {
  return {
    statements: [textOf(migration.down ?? '')],
    undo: stays ? null : [textOf(migration.up)],
    record: notes.removed(migration, before),
    unrecord: stays ? [] : notes.applied(migration, null),
  };
}

function textOf(sql: string): Statement {
  return { text: sql, params: [], syntax: 'sql' };
}

/** What the tool writes into its history, under its own lock. */
class Notes {
  constructor(
    private readonly deps: EngineDeps,
    private readonly prepared: PreparedSource,
    private readonly place: HistoryPlace,
  ) {}

  applied(migration: SourceMigration, baseline: readonly SourceMigration[] | null): readonly RecordStep[] {
    const { record } = this.prepared.tool;
    const execution = {
      id: this.deps.chance.uuid(),
      // Whoever ends the step knows it.
      executionTimeMs: 0,
      deployment: String(this.deps.clock.now().getTime()).slice(-10),
    };
    const opening =
      baseline === null
        ? []
        : [
            ...record.create(this.place),
            ...record.baselined(this.place, baseline, { ...execution, id: this.deps.chance.uuid() }),
          ];
    return this.locked([...opening, ...record.applied(this.place, migration, execution)]);
  }

  removed(migration: SourceMigration, before: SourceMigration | null): readonly RecordStep[] {
    return this.locked(this.prepared.tool.record.removed(this.place, migration, before));
  }

  private locked(steps: readonly RecordStep[]): readonly RecordStep[] {
    const { record } = this.prepared.tool;
    return [...record.lock(this.place), ...steps, ...record.unlock(this.place)];
  }
}
