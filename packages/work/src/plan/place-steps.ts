import { EdenError } from '@eden/domain';
import type { AtomicityLevel, MigrationOptions, PlannedApi, PlannedBinding, StepPhase, Uuid } from '@eden/domain';
import { inOrder, isBefore, StepOrder, type Positioned } from './position.js';

/** Where the bindings of a migration run. */
export interface PlacedSteps {
  /** Those outside the transaction have their phase. */
  readonly apis: readonly PlannedApi[];
  readonly level: AtomicityLevel;
}

/**
 * Finds out for each step outside the transaction whether it comes before the atomic part or after it, without ever
 * changing the order: before, where nothing before it is in the transaction or comes after it; after, where nothing behind
 * it is in the transaction.
 * @throws EdenError ATOMICITY_REFUSED (context: reasons, each with what to do about it)
 */
export function placeSteps(
  apis: readonly PlannedApi[],
  databaseOf: (endpoint: Uuid) => string,
  atomicity: MigrationOptions['atomicity'],
): PlacedSteps {
  const all = inOrder(apis).flatMap((api) =>
    api.bindings.map((binding, index) => ({ api, binding, index, database: databaseOf(binding.endpoint) })),
  );
  const outside = all.filter(({ binding }) => binding.outside !== undefined);
  const order = new StepOrder();
  all.forEach((each) => order.add(each));
  const phases = new Map(outside.map((each) => [each.binding, phaseOf(each, order)]));
  const refused = atomicity === 'best' ? outside.filter(({ binding }) => phases.get(binding) === null) : outside;
  const reasons = refused.map((each) => reasonOf(each, phases.get(each.binding) ?? null));
  if (reasons.length > 0) throw new EdenError('ATOMICITY_REFUSED', { reasons: [...new Set(reasons)] });
  return {
    apis: apis.map((api) => ({ ...api, bindings: api.bindings.map((binding) => placed(binding, phases)) })),
    level: levelOf(outside),
  };
}

function placed(binding: PlannedBinding, phases: ReadonlyMap<PlannedBinding, StepPhase | null>): PlannedBinding {
  const phase = phases.get(binding);
  return phase == null || binding.outside === undefined
    ? binding
    : { ...binding, outside: { ...binding.outside, phase } };
}

/** Null where it stands in between. */
function phaseOf(step: Positioned, { inside, late }: StepOrder): StepPhase | null {
  if (!late.includes(step)) return 'before';
  return inside.some((other) => isBefore(step, other)) ? null : 'after';
}

function levelOf(outside: readonly Positioned[]): AtomicityLevel {
  if (outside.length === 0) return 'atomic';
  return outside.every(({ binding }) => binding.class === 'compensable') ? 'compensated' : 'best effort';
}

function nameOf({ api, binding }: Positioned): string {
  const { template, templateId, endpointId } = binding;
  return `${api.apiId}: ${template === null ? 'file' : 'template'} ${templateId} on ${endpointId}`;
}

/** Beside "best", for what comes first or last. */
const WAYS: Readonly<Record<'template' | 'file', string>> = {
  template: 'or take it out of the migration',
  file: 'or build its indexes inside the transaction with "concurrently": "inline", or stop before it with "to"',
};

/** For what stands in between. */
const WAYS_IN_BETWEEN: Readonly<Record<'template' | 'file', string>> = {
  template:
    'put it first or last, let what stands before or behind it run outside the transaction as well ("transactional": false, and "atomicity": "best"), or give it a migration of its own',
  file: 'build its indexes inside the transaction with "concurrently": "inline", or set "atomicity": "best", where APIs of templates are in a migration of their own: the plan is cut behind it then, and what follows is left to the next migration',
};

function kindOf({ binding }: Positioned): 'template' | 'file' {
  return binding.template === null ? 'file' : 'template';
}

function reasonOf(step: Positioned, phase: StepPhase | null): string {
  const { class: atomicity, outside } = step.binding;
  const what = `${nameOf(step)} is ${atomicity}: it cannot be in the transaction`;
  if (phase === null)
    return `${what}, and stands between what is in it, so that it can run neither before nor after it: ${WAYS_IN_BETWEEN[kindOf(step)]}`;
  const when = phase === 'before' ? 'before the atomic part' : 'after the commit, tried until it is done';
  const undo = outside?.undo ?? null;
  const failing = undo === null ? 'nothing takes it back' : `when the run fails, ${undo} takes it back`;
  return `${what}. With "atomicity": "best" it runs ${when}, and ${failing}: set that, ${WAYS[kindOf(step)]}`;
}
