import { toStoredError, weakestClass } from '@eden/domain';
import type { Plan, PlannedBinding, RunApi, RunBinding, Uuid } from '@eden/domain';
import type { MigrationWork, WorkApi } from '@eden/work';
import type { ApiFailure } from '../control/failure.js';

/** The record of every API and binding of one attempt, as it grows. */
export class Progress {
  private readonly apis: Map<Uuid, RunApi>;

  constructor(work: MigrationWork, plan: Plan) {
    const classes = new Map(
      plan.apis.map((api) => [api.api, weakestClass(api.bindings.map((binding) => binding.class))]),
    );
    const planned = new Map(plan.apis.map((api) => [api.api, api.bindings]));
    const initial = (api: WorkApi): RunApi => initialRecord(api, classes, planned.get(api.member.api.uuid) ?? []);
    this.apis = new Map(work.apis.map((api) => [api.member.api.uuid, initial(api)]));
  }

  all(): readonly RunApi[] {
    return [...this.apis.values()];
  }

  of(uuid: Uuid): RunApi {
    const api = this.apis.get(uuid);
    if (api === undefined) throw new TypeError('an API that is not in the run');
    return api;
  }

  set(uuid: Uuid, state: RunApi['state']): RunApi {
    return this.replace({ ...this.of(uuid), state });
  }

  setBinding(uuid: Uuid, index: number, change: Partial<RunBinding>): void {
    const api = this.of(uuid);
    const bindings = api.bindings.map((binding, at) => (at === index ? { ...binding, ...change } : binding));
    this.replace({ ...api, bindings });
  }

  /** What an abort leaves: failed where it failed, rolled back where anything had been done. */
  aborted(failures: readonly ApiFailure[]): readonly RunApi[] {
    rolledBack(this.all()).forEach((api) => this.replace(api));
    for (const { api, binding, error } of failures) {
      const { uuid } = api.member.api;
      this.set(uuid, 'failed');
      if (binding !== undefined) this.setBinding(uuid, binding.index, { state: 'failed', error: toStoredError(error) });
    }
    return this.all().filter((api) => api.state !== 'pending');
  }

  private replace(api: RunApi): RunApi {
    this.apis.set(api.api, api);
    return api;
  }
}

/** Those in which something had been done, with nothing left of it. */
export function rolledBack(apis: readonly RunApi[]): readonly RunApi[] {
  const undone = <T extends Pick<RunApi, 'state'>>(step: T): T =>
    step.state === 'running' || step.state === 'succeeded' ? { ...step, state: 'rolled_back' } : step;
  return apis
    .filter(({ state }) => state !== 'pending')
    .map((api) => ({ ...undone(api), bindings: api.bindings.map(undone) }));
}

function initialRecord(
  { member, bindings }: WorkApi,
  classes: ReadonlyMap<Uuid, RunApi['class']>,
  planned: readonly PlannedBinding[],
): RunApi {
  const { stage, position } = member.membership;
  return {
    api: member.api.uuid,
    apiId: member.api.id,
    stage,
    position,
    state: 'pending',
    class: classes.get(member.api.uuid) ?? '2pc',
    bindings: bindings.map(({ template, index }) => ({
      template: template.uuid,
      templateId: template.id,
      state: 'pending',
      attempts: 0,
      rows: 0,
      estimatedRows: planned[index]?.estimatedRows ?? null,
      startedAt: null,
      finishedAt: null,
      executionTimeMs: 0,
      references: {},
      error: null,
    })),
  };
}
