import type {
  BatchWork,
  BoundOperation,
  NewOutsideStep,
  OutsideClass,
  OutsideWork,
  PlannedApi,
  PlannedBinding,
  Run,
  Statement,
} from '@eden/domain';
import { bindTemplate, limitsOf, lookupIn, reportOf, resolveMigrationFields } from '@eden/work';
import type { WorkBinding } from '@eden/work';
import { prepareSources } from '../attempt/sources/prepared-source.js';
import type { EngineDeps } from '../deps.js';
import { systemValues } from '../plan/migration-values.js';
import type { PlannedWork } from '../plan/planned-work.js';
import { worksOfSource } from './works-of-source.js';

/** A binding of the plan that runs outside the transaction. */
interface OutsideBinding {
  readonly api: PlannedApi;
  readonly binding: PlannedOutside;
  readonly index: number;
}

interface BegunRun extends Run {
  readonly startedAt: Date;
}

type PlannedOutside = PlannedBinding & { readonly outside: NonNullable<PlannedBinding['outside']> };

function isOutside(binding: PlannedBinding): binding is PlannedOutside {
  return binding.outside !== undefined;
}

/**
 * The steps of a plan with all that they need, in its order: their statements with this run's values, and what their tool
 * notes of files.
 * @throws EdenError SOURCE_CHANGED, and what keeps a template from being rendered
 */
export async function stepsOfPlan(
  deps: EngineDeps,
  run: BegunRun,
  planned: PlannedWork,
): Promise<readonly NewOutsideStep[]> {
  const outside = outsideBindings(planned);
  const works = new Map<PlannedBinding, OutsideWork>();
  for (const each of outside.filter(({ binding }) => binding.template !== null)) {
    works.set(each.binding, workOfTemplate(deps, run, planned, each));
  }
  for (const source of await prepareSources(deps, planned)) {
    for (const [binding, work] of await worksOfSource(deps, source)) works.set(binding, work);
  }
  return outside.flatMap(({ api, binding, index }, number) => {
    const work = works.get(binding);
    if (work === undefined) throw new TypeError('a step that nothing is known of');
    return {
      number,
      phase: binding.outside.phase,
      class: classOf(binding, work),
      api: api.api,
      apiId: api.apiId,
      binding: index,
      template: binding.templateId,
      endpointUuid: binding.endpoint,
      database: reportOf(binding.endpoint, planned.reports).identity,
      work: { ...work, stage: api.stage },
    };
  });
}

function classOf(binding: PlannedOutside, { batch }: OutsideWork): OutsideClass {
  if (batch !== undefined) return 'batched';
  return binding.class === 'compensable' ? 'compensable' : 'irreversible';
}

function outsideBindings({ plan }: PlannedWork): readonly OutsideBinding[] {
  const ordered = [...plan.apis].sort((a, b) => a.stage - b.stage || a.position - b.position);
  return ordered.flatMap((api) =>
    api.bindings.flatMap((binding, index) => (isOutside(binding) ? [{ api, binding, index }] : [])),
  );
}

function workOfTemplate(
  deps: EngineDeps,
  run: BegunRun,
  { work }: PlannedWork,
  { api, binding: planned, index }: OutsideBinding,
): OutsideWork {
  const binding = work.apis.find(({ member }) => member.api.uuid === api.api)?.bindings[index];
  if (binding === undefined) throw new TypeError('a binding that was not planned');
  const system = systemValues(work, run, run.startedAt);
  const { values, references } = resolveMigrationFields(
    binding.binding.fields,
    lookupIn([system, run.overrides, work.migration.parameters]),
  );
  const { operations, rollback } = bindTemplate(deps.templates, binding.template, values);
  const { settings, text } = binding;
  const [done, undone] = text === 'rollback' ? [rollback, operations] : [operations, rollback];
  const isUndone = text === 'rollback' || settings.rollback !== undefined;
  return {
    ...batchIn(done, { binding, values, estimatedRows: planned.estimatedRows }),
    statements: done.map(render),
    // What takes batches is not done again in one go.
    undo: isUndone && !undone.some(isBatched) ? undone.map(render) : null,
    record: [],
    unrecord: [],
    references,
    ...limitsOf(settings),
    ...(settings.expect === undefined ? {} : { expect: settings.expect }),
    ...(settings.outputs === undefined ? {} : { outputs: settings.outputs }),
  };
}

function isBatched({ batch }: BoundOperation): boolean {
  return batch !== null;
}

interface Bound extends Pick<BatchWork, 'values' | 'estimatedRows'> {
  readonly binding: WorkBinding;
}

/** The text of batches that commit one by one, of which each is rendered when its turn comes. */
function batchIn(done: readonly BoundOperation[], { binding, ...bound }: Bound): Pick<OutsideWork, 'batch'> {
  if (!done.some(({ batch }) => batch?.commit === 'each')) return {};
  const { endpointKind, kind, body, settings } = binding.template;
  return { batch: { definition: { endpointKind, kind, body, settings }, ...bound } };
}

function render(operation: BoundOperation): Statement {
  return operation.render();
}
