import pMap from 'p-map';
import { EdenError, isEdenError, toStoredError, validationError, weakestClass } from '@eden/domain';
import type {
  AtomicityClass,
  BoundOperation,
  JsonObject,
  JsonValue,
  LintFinding,
  PlannedApi,
  PlannedBinding,
  Statement,
} from '@eden/domain';
import { joinLints } from '@eden/lint';
import { lookupIn, resolveMigrationFields, rootOf } from '../bindings/resolve-references.js';
import { SYSTEM_NAMES } from '../bindings/system-names.js';
import type { WorkApi, WorkBinding } from '../load-work.js';
import { bindOperations } from '../load-work.js';
import { excerptOf } from '../sources/excerpt.js';
import { lintBinding } from './lint-binding.js';
import { UNPREPARED_RULE } from './plan-atomicity.js';
import type { Planner, WorkToPlan } from './planner.js';
import { commitsEachBatch, outsideOf } from './outside-binding.js';
import { planSourceApi } from './plan-source-api.js';
import { groupByDatabase, stagesOf } from './stages.js';
import type { TargetReports } from './target-reports.js';
import { databaseKeys } from './target-reports.js';
import type { TargetSurveys } from './target-surveys.js';

/** An API together with what of `migration.*` only exists once the run is there. */
interface PlanningApi {
  readonly api: WorkApi;
  /** Outputs of the APIs that surely run before this one. */
  readonly earlierOutputs: ReadonlySet<string>;
}

/** What is known of the targets when their statements are looked at. */
export interface KnownTargets {
  readonly reports: TargetReports;
  readonly surveys: TargetSurveys;
}

/** @throws EdenError the first API's finding; with several, `errors` lists them all; the reason of the signal */
export async function planApis(
  planner: Planner,
  work: WorkToPlan,
  targets: KnownTargets,
): Promise<readonly PlannedApi[]> {
  const settled = await pMap(
    inOrderOfRun(work, targets.reports),
    ({ api, earlierOutputs }) => settle(planApi(planner, work, targets, { api, earlierOutputs })),
    { concurrency: planner.settings.maxParallel, signal: planner.signal },
  );
  const errors = settled.flatMap((result) => ('error' in result ? [result.error] : []));
  if (errors.length > 0) throw firstOf(errors);
  return settled.flatMap((result) => ('value' in result ? [result.value] : []));
}

function inOrderOfRun(work: WorkToPlan, reports: TargetReports): readonly PlanningApi[] {
  const keys = databaseKeys(reports);
  const earlier = new Set<string>();
  const planning: PlanningApi[] = [];
  for (const { apis } of stagesOf(work)) {
    for (const group of groupByDatabase(apis, keys)) {
      const within = new Set(earlier);
      for (const api of group) {
        planning.push({ api, earlierOutputs: new Set(within) });
        outputNames(api.bindings).forEach((name) => within.add(name));
      }
    }
    apis.forEach((api) => outputNames(api.bindings).forEach((name) => earlier.add(name)));
  }
  return planning;
}

async function planApi(
  planner: Planner,
  work: WorkToPlan,
  targets: KnownTargets,
  { api, earlierOutputs }: PlanningApi,
): Promise<PlannedApi> {
  const { member, source } = api;
  const { parameters, options } = work.migration;
  const isCut = options.atomicity === 'best';
  if (source !== null) return planSourceApi(planner, { member, source, isCut }, targets.reports);
  const bindings: PlannedBinding[] = [];
  const known = new Set(earlierOutputs);
  for (const binding of api.bindings) {
    planner.signal.throwIfAborted();
    try {
      bindings.push(await planBinding(planner, binding, { earlierOutputs: known, parameters, targets }));
    } catch (error) {
      throw located(error, api, binding);
    }
    outputNames([binding]).forEach((name) => known.add(name));
  }
  const { stage, position } = member.membership;
  return { api: member.api.uuid, apiId: member.api.id, stage, position, bindings };
}

interface BindingContext {
  /** Names that bindings before this one give. */
  readonly earlierOutputs: ReadonlySet<string>;
  readonly parameters: JsonObject;
  readonly targets: KnownTargets;
}

async function planBinding(planner: Planner, work: WorkBinding, context: BindingContext): Promise<PlannedBinding> {
  const { template, endpoint, binding } = work;
  const adapter = planner.targets.adapter(endpoint.kind);
  const statements = renderForPlan(planner, work, context, firstBatch);
  const analyses = await Promise.all(statements.map((statement) => adapter.analyze(statement)));
  const refusals = analyses.flatMap((analysis) => analysis.refusals);
  if (refusals.length > 0) throw validationError(refusals.map((message) => ({ path: 'template', message })));
  const isBatched = commitsEachBatch(work);
  const whole = isBatched ? renderForPlan(planner, work, context, allBatches) : statements;
  const estimates = await Promise.all(whole.map((statement) => adapter.estimateRows(endpoint, statement)));
  const known = estimates.filter((rows) => rows !== null);
  const unprepared = await unpreparedFindings(work, statements, context.targets.surveys);
  const { earlierOutputs } = context;
  const outside = outsideOf(work, analyses, { earlierOutputs, capabilities: adapter.capabilities });
  const classes = [...analyses, ...unprepared.map(() => ONE_PHASE)].map((analysis) => analysis.class);
  const atomicity = outside === null ? insideClass(work, classes, context.targets.reports) : outside.class;
  assertPreparable(work, atomicity);
  return {
    template: template.uuid,
    templateId: template.id,
    templateVersion: template.version,
    endpoint: endpoint.uuid,
    endpointId: endpoint.id,
    endpointVersion: endpoint.version,
    statements: statements.map(({ text }) => excerptOf(text)),
    fields: binding.fields,
    class: atomicity,
    findings: [
      ...analyses.flatMap((analysis) => analysis.findings),
      ...unprepared,
      ...(isBatched && outside !== null ? [batchesFinding(outside)] : []),
      ...lintBinding(planner.templates, work),
    ],
    lint: joinLints(analyses.flatMap(({ lint }) => lint ?? [])),
    estimatedRows: known.length === 0 ? null : Math.max(...known),
    ...(outside === null ? {} : { outside: { phase: 'before', undo: outside.undo } }),
  };
}

function firstBatch(operation: BoundOperation): Statement {
  return operation.render(operation.batch?.start);
}

/** Largest `LIMIT` that every target takes. */
const ALL_ROWS = 2_147_483_647;

/** What all batches together read or change, for the planner: it is never run. */
function allBatches(operation: BoundOperation): Statement {
  return operation.render(operation.batch?.start, ALL_ROWS);
}

/** What a reviewer has to know: there is no atomic all-or-nothing here. */
function batchesFinding({ undo }: { readonly undo: string | null }): LintFinding {
  const stays = 'what is committed stays when the run fails or is cancelled, as the template has no rollback';
  const goes = 'what is committed is taken back by its rollback when the run fails or is cancelled';
  const message = `Each batch commits by itself, and others see it at once; ${undo === null ? stays : goes}`;
  return { rule: 'commits-in-batches', severity: 'warning', message };
}

/**
 * Renders with the parameters' values; what exists only at run time stands as its name, or as 1 where the template
 * insists on a number.
 */
function renderForPlan(
  planner: Planner,
  work: WorkBinding,
  context: BindingContext,
  part: (operation: BoundOperation) => Statement,
): readonly Statement[] {
  const parameter = lookupIn([context.parameters]);
  const render = (stand: (name: string) => JsonValue): readonly Statement[] => {
    const { values, unresolved } = resolveMigrationFields(work.binding.fields, (name) =>
      isOfRun(name, context) ? stand(name) : parameter(name),
    );
    try {
      return bindOperations(planner.templates, work, values).map(part);
    } catch (error) {
      throw explainUnresolved(error, work, unresolved);
    }
  };
  try {
    return render((name) => `migration.${name}`);
  } catch (error) {
    if (!isEdenError(error, 'TEMPLATE_NOT_RENDERED')) throw error;
    return render(() => 1);
  }
}

/** A required parameter that is missing because its reference resolves nowhere says so. */
function explainUnresolved(error: unknown, { binding }: WorkBinding, unresolved: readonly string[]): unknown {
  if (!isEdenError(error, 'REQUIRED_PARAMETER_MISSING')) return error;
  const reference = binding.fields[String(error.context['parameter'])];
  if (typeof reference !== 'string' || !unresolved.includes(reference)) return error;
  return new EdenError(error.code, {
    ...error.context,
    reference,
    details: `${reference} is neither a parameter of the migration nor an output of a binding that surely runs before`,
  });
}

const ONE_PHASE = { class: 'one-phase' } as const;

/** What the statements set off in their target. */
async function unpreparedFindings(
  { endpoint }: WorkBinding,
  statements: readonly Statement[],
  surveys: TargetSurveys,
): Promise<readonly LintFinding[]> {
  const survey = surveys.get(endpoint.uuid);
  if (survey === undefined) return [];
  const reasons = await Promise.all(statements.map((statement) => survey.whyUnprepared(statement)));
  return [...new Set(reasons.flat())].map((message) => ({ rule: UNPREPARED_RULE, severity: 'warning', message }));
}

function insideClass(
  { endpoint }: WorkBinding,
  classes: readonly AtomicityClass[],
  reports: TargetReports,
): AtomicityClass {
  const report = reports.get(endpoint.uuid);
  return weakestClass(report === undefined ? classes : [...classes, report.class]);
}

/** A TwoPhaseTransaction says of itself that it can be prepared. */
function assertPreparable({ template, endpoint }: WorkBinding, atomicity: AtomicityClass): void {
  if (template.kind !== 'TwoPhaseTransaction' || atomicity === '2pc') return;
  const reason = `template ${template.id} is a TwoPhaseTransaction, and on ${endpoint.id} it is ${atomicity}: make it a Transaction, or what it does preparable`;
  throw new EdenError('ATOMICITY_REFUSED', { reasons: [reason] });
}

/** Its value is there once the run is: of an output also what stands within it. */
function isOfRun(name: string, { earlierOutputs }: BindingContext): boolean {
  return isSystemName(name) || earlierOutputs.has(rootOf(name));
}

function isSystemName(name: string): boolean {
  return (SYSTEM_NAMES as readonly string[]).includes(name);
}

function outputNames(bindings: readonly WorkBinding[]): readonly string[] {
  const names = bindings.flatMap(({ settings }) => Object.keys(settings.outputs ?? {}));
  return names.filter((name) => !isSystemName(name));
}

function located(error: unknown, { member }: WorkApi, { index, template }: WorkBinding): unknown {
  if (!isEdenError(error)) return error;
  const where = { api: member.api.id, binding: index, template: template.id };
  const issues = error.context['issues'];
  const context = Array.isArray(issues)
    ? { ...error.context, issues: issues.map((issue: object) => ({ ...issue, ...where })) }
    : error.context;
  return new EdenError(error.code, { ...where, ...context }, { sentence: error.message, cause: error });
}

type Settled<T> = { readonly value: T } | { readonly error: unknown };

function settle<T>(promise: Promise<T>): Promise<Settled<T>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

function firstOf(errors: readonly unknown[]): unknown {
  const [first] = errors;
  if (errors.length === 1 || !isEdenError(first)) return first;
  const all = errors.map(toStoredError).map(({ code, error, context }) => ({ error, code, ...context }));
  return new EdenError(first.code, { ...first.context, errors: all }, { sentence: first.message, cause: first });
}
