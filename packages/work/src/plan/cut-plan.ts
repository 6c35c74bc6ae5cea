import { EdenError } from '@eden/domain';
import type { AtomicityLevel, LintFinding, PlannedApi, PlannedBinding, PlannedPart } from '@eden/domain';
import { inOrder, isBefore, StepOrder, type Positioned } from './position.js';

interface CutPlan {
  readonly atomicity: AtomicityLevel;
  readonly apis: readonly PlannedApi[];
  readonly laterParts?: readonly PlannedPart[];
}

/** Key of the database that a binding changes. */
type KeyOf = (binding: PlannedBinding) => string;

/**
 * The part of a plan that commits together: all of it, unless a file has to wait for the commit of an earlier one, or for a
 * step outside the transaction that itself waits for one. Under `best` that file and what runs behind it are left to the next
 * migrations of the folders. Under `strict` a file that waits is refused where it is sure to fail, and has a finding where it
 * may; steps in between are refused by `placeSteps`, and where APIs of templates are about, under `best` as well.
 * @throws EdenError ATOMICITY_REFUSED (context: reasons, each with the way out)
 */
export function cutPlan(apis: readonly PlannedApi[], atomicity: 'strict' | 'best', keyOf: KeyOf): CutPlan {
  const waits = apis.some(({ bindings }) => bindings.some(hasToWait));
  if (atomicity === 'strict') return { atomicity: 'atomic', apis: waits ? refuseCertain(apis) : apis };
  if (waits) refuseTemplates(apis);
  const [first = apis, ...later] = hasTemplates(apis) ? [] : partsOf(apis, keyOf);
  if (later.length === 0) return { atomicity: 'atomic', apis: first };
  const laterParts = later.map((part) => part.flatMap(({ bindings }) => bindings));
  return { atomicity: 'best effort', apis: first, laterParts };
}

function hasToWait({ after }: PlannedBinding): boolean {
  return after !== undefined;
}

/** Each part has the APIs of all, with the bindings that are its own. */
function partsOf(apis: readonly PlannedApi[], keyOf: KeyOf): readonly (readonly PlannedApi[])[] {
  const parts: (readonly PlannedApi[])[] = [];
  for (let rest = apis; parts.length === 0 || rest.some(({ bindings }) => bindings.length > 0);) {
    const cut = cutOff(rest, keyOf);
    parts.push(cut.part);
    rest = cut.rest;
  }
  return parts;
}

/** The first part, and what is left: later stages wait, and what follows in the same database. */
function cutOff(apis: readonly PlannedApi[], keyOf: KeyOf) {
  let lastStage = Infinity;
  const halted = new Set<string>();
  const order = new StepOrder();
  const part: PlannedApi[] = [];
  const rest: PlannedApi[] = [];
  for (const api of inOrder(apis)) {
    const { bindings } = api;
    const database = bindings[0] === undefined ? '' : keyOf(bindings[0]);
    const isHalted = api.stage > lastStage || halted.has(database);
    const end = isHalted ? 0 : takeWhole(positionsOf(api, keyOf), order);
    part.push(withDeferred(api, end));
    rest.push({ ...api, bindings: bindings.slice(end) });
    if (end === bindings.length) continue;
    lastStage = Math.min(lastStage, api.stage);
    halted.add(database);
  }
  return { part, rest };
}

function positionsOf(api: PlannedApi, keyOf: KeyOf): readonly Positioned[] {
  return api.bindings.map((binding, index) => ({ api, binding, index, database: keyOf(binding) }));
}

/** How many of one API can run with what is there already: all before the first that waits for something of it. */
function takeWhole(own: readonly Positioned[], order: StepOrder): number {
  for (const [index, each] of own.entries()) {
    if (waitsForFile(each, own.slice(0, index)) || waitsForStep(each, order)) return index;
    order.add(each);
  }
  return own.length;
}

function waitsForFile({ binding: { after } }: Positioned, before: readonly Positioned[]): boolean {
  return after !== undefined && before.some(({ binding }) => binding.file?.version === after.version);
}

/** In the transaction, behind a step outside it that has to come after the commit. */
function waitsForStep(each: Positioned, { late }: StepOrder): boolean {
  return each.binding.outside === undefined && late.some((step) => isBefore(step, each));
}

function withDeferred(api: PlannedApi, end: number): PlannedApi {
  const { source, bindings } = api;
  if (source === undefined || end === bindings.length) return api;
  const deferred = bindings.slice(end).map(({ file }) => file?.version ?? '');
  return { ...api, bindings: bindings.slice(0, end), source: { ...source, deferred } };
}

function hasTemplates(apis: readonly PlannedApi[]): boolean {
  return apis.some(({ source }) => source === undefined);
}

/** Definitions of APIs change with the first part, and what they rely on may come with a later one. */
function refuseTemplates(apis: readonly PlannedApi[]): void {
  const others = apis.filter(({ source }) => source === undefined).map(({ apiId }) => apiId);
  if (others.length === 0) return;
  const why = `, and parts have files of sources alone: take ${others.join(', ')} out, into a migration of its own`;
  refuse(reasonsOf(apis, () => true, why));
}

function refuseCertain(apis: readonly PlannedApi[]): readonly PlannedApi[] {
  const reasons = reasonsOf(apis, ({ after }) => after?.isCertain === true, WAY_OUT);
  if (reasons.length > 0) refuse(reasons);
  return apis.map((api) => ({
    ...api,
    bindings: api.bindings.map((binding, index) => withFinding(api, binding, index)),
  }));
}

const WAY_OUT = ' by a migration of its own, then the rest; or set "atomicity": "best", which cuts the plan there';

function withFinding(api: PlannedApi, binding: PlannedBinding, index: number): PlannedBinding {
  if (!hasToWait(binding)) return binding;
  const message = `${whyOf(api, binding, index)}${WAY_OUT}. Where the text means something else, nothing has to be done`;
  const finding: LintFinding = { rule: 'new-enum-value', severity: 'danger', message };
  return { ...binding, findings: [...binding.findings, finding] };
}

function reasonsOf(
  apis: readonly PlannedApi[],
  counts: (binding: PlannedBinding) => boolean,
  way: string,
): readonly string[] {
  return apis.flatMap((api) =>
    api.bindings.flatMap((binding, index) =>
      hasToWait(binding) && counts(binding) ? [`${api.apiId}: ${whyOf(api, binding, index)}${way}`] : [],
    ),
  );
}

/** Ends with the last version that can be committed before. */
function whyOf({ bindings }: PlannedApi, { templateId: file, after }: PlannedBinding, index: number): string {
  const before = bindings[index - 1]?.file?.version ?? '';
  return `${file} uses '${after?.value}', which ${after?.file} adds to the enum ${after?.type}: PostgreSQL takes it only once that has been committed. Apply up to "to": "${before}"`;
}

function refuse(reasons: readonly string[]): never {
  throw new EdenError('ATOMICITY_REFUSED', { reasons });
}
