import { hasEnded, toStoredError, weakestClass } from '@eden/domain';
import type {
  OutsideStep,
  Plan,
  PlannedBinding,
  RunApi,
  RunApiChange,
  RunBinding,
  StepState,
  Uuid,
} from '@eden/domain';
import type { MigrationWork, WorkApi } from '@eden/work';
import type { ApiFailure } from '../control/failure.js';

/** The record of every API and binding of one attempt, as it grows, and what of it nobody has written down yet. */
export class Progress {
  private readonly apis: ReadonlyMap<Uuid, ApiProgress>;

  constructor(work: MigrationWork, plan: Plan, steps: readonly OutsideStep[]) {
    const classes = new Map(
      plan.apis.map((api) => [api.api, weakestClass(api.bindings.map((binding) => binding.class))]),
    );
    const planned = new Map(plan.apis.map((api) => [api.api, api.bindings]));
    const initial = (api: WorkApi): RunApi =>
      initialRecord(api, classes, {
        planned: planned.get(api.member.api.uuid) ?? [],
        steps: steps.filter((step) => step.api === api.member.api.uuid),
      });
    this.apis = new Map(work.apis.map((api) => [api.member.api.uuid, new ApiProgress(initial(api))] as const));
  }

  all(): readonly RunApi[] {
    return [...this.apis.values()].map((api) => api.whole());
  }

  set(uuid: Uuid, state: StepState): void {
    this.of(uuid).state = state;
  }

  setBinding(uuid: Uuid, index: number, change: Partial<RunBinding>): void {
    this.of(uuid).setBinding(index, change);
  }

  /** What has changed since it was taken last. */
  take(uuid: Uuid): RunApiChange {
    return this.of(uuid).take();
  }

  /** What was taken was not written down. */
  putBack({ api, changed }: RunApiChange): void {
    this.of(api).noteAll(changed.map(({ index }) => index));
  }

  /** What an abort leaves: failed where it failed, rolled back where anything had been done. */
  aborted(failures: readonly ApiFailure[]): readonly RunApiChange[] {
    for (const api of this.apis.values()) api.rollBack();
    for (const { api, binding, error } of failures) {
      const { uuid } = api.member.api;
      this.set(uuid, 'failed');
      if (binding !== undefined) this.setBinding(uuid, binding.index, { state: 'failed', error: toStoredError(error) });
    }
    return [...this.apis.values()].filter(({ state }) => state !== 'pending').map((api) => api.take());
  }

  private of(uuid: Uuid): ApiProgress {
    const api = this.apis.get(uuid);
    if (api === undefined) throw new TypeError('an API that is not in the run');
    return api;
  }
}

/** Those in which something had been done, with nothing left of it. */
export function rolledBack(apis: readonly RunApi[]): readonly RunApiChange[] {
  return apis
    .map((api) => new ApiProgress(api))
    .filter(({ state }) => state !== 'pending')
    .map((api) => {
      api.rollBack();
      return api.take();
    });
}

class ApiProgress {
  state: StepState;
  private readonly bindings: RunBinding[];
  /** Their places. */
  private changed = new Set<number>();

  constructor(private readonly initial: RunApi) {
    this.state = initial.state;
    this.bindings = [...initial.bindings];
  }

  setBinding(index: number, change: Partial<RunBinding>): void {
    const binding = this.bindings[index];
    if (binding === undefined) throw new TypeError('a binding that is not in the run');
    this.bindings[index] = { ...binding, ...change };
    this.changed.add(index);
  }

  noteAll(indexes: readonly number[]): void {
    for (const index of indexes) this.changed.add(index);
  }

  whole(): RunApi {
    return { ...this.initial, state: this.state, bindings: this.bindings };
  }

  take(): RunApiChange {
    const { bindings: _, ...api } = this.initial;
    const changed = [...this.changed].flatMap((index) => {
      const binding = this.bindings[index];
      return binding === undefined ? [] : [{ index, binding }];
    });
    this.changed = new Set();
    return { ...api, state: this.state, changed, ...this.totals() };
  }

  rollBack(): void {
    this.state = undone(this.state);
    for (const [index, { state }] of this.bindings.entries()) {
      if (undone(state) !== state) this.setBinding(index, { state: undone(state) });
    }
  }

  /** They are told when the API has ended. */
  private totals(): Pick<RunApiChange, 'rows' | 'executionTimeMs'> {
    if (!hasEnded(this.state)) return { rows: 0, executionTimeMs: 0 };
    return {
      rows: this.bindings.reduce((sum, { rows }) => sum + rows, 0),
      executionTimeMs: this.bindings.reduce((sum, binding) => sum + binding.executionTimeMs, 0),
    };
  }
}

function undone(state: StepState): StepState {
  return state === 'running' || state === 'succeeded' ? 'rolled_back' : state;
}

const UNTOUCHED = {
  state: 'pending',
  attempts: 0,
  rows: 0,
  estimatedRows: null,
  startedAt: null,
  finishedAt: null,
  executionTimeMs: 0,
  references: {},
  error: null,
} as const satisfies Partial<RunBinding>;

function recordOfFile(planned: PlannedBinding): RunBinding {
  const { templateId, file, outside } = planned;
  const named = { template: null, templateId, ...(file === undefined ? {} : { file }), ...placeOf(planned) };
  return { ...named, ...UNTOUCHED, ...doneBefore(outside) };
}

function placeOf(planned: PlannedBinding | undefined): Pick<RunBinding, 'endpoint'> {
  return planned === undefined ? {} : { endpoint: { uuid: planned.endpoint, id: planned.endpointId } };
}

/** What comes before the atomic part is done when that begins. */
function doneBefore(outside: PlannedBinding['outside']): Partial<RunBinding> {
  return outside?.phase === 'before' ? { state: 'succeeded', attempts: 1 } : {};
}

/** What its batches have done, and what a rollback has to know of it. */
function recordOfStep(step: OutsideStep | undefined): Partial<RunBinding> {
  if (step === undefined) return {};
  const { progress, work } = step;
  const rows = progress === null ? {} : { rows: progress.rows, estimatedRows: progress.estimatedRows };
  return { ...rows, references: work.references ?? {} };
}

function initialRecord(
  { member, bindings, source }: WorkApi,
  classes: ReadonlyMap<Uuid, RunApi['class']>,
  { planned, steps }: { readonly planned: readonly PlannedBinding[]; readonly steps: readonly OutsideStep[] },
): RunApi {
  const { stage, position } = member.membership;
  return {
    api: member.api.uuid,
    apiId: member.api.id,
    stage,
    position,
    state: 'pending',
    class: classes.get(member.api.uuid) ?? '2pc',
    bindings:
      source === null
        ? bindings.map(({ template, index }) => ({
            ...{ template: template.uuid, templateId: template.id, ...placeOf(planned[index]), ...UNTOUCHED },
            estimatedRows: planned[index]?.estimatedRows ?? null,
            ...doneBefore(planned[index]?.outside),
            ...recordOfStep(steps.find(({ binding }) => binding === index)),
          }))
        : planned.map(recordOfFile),
  };
}
