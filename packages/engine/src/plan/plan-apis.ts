import pMap from 'p-map';
import { EdenError, isEdenError, operationsOf, toStoredError, validationError, weakestClass } from '@eden/domain';
import type {
  AtomicityClass,
  JsonObject,
  JsonValue,
  LintFinding,
  PlannedApi,
  PlannedBinding,
  Statement,
  StatementAnalysis,
} from '@eden/domain';
import { bindOperations, bodyOf, excerptOf, lookupIn, resolveMigrationFields } from '@eden/work';
import type { MigrationWork, WorkApi, WorkBinding } from '@eden/work';
import type { EngineDeps } from '../deps.js';
import { UNPREPARED_RULE } from './plan-atomicity.js';
import { SYSTEM_NAMES } from './migration-values.js';
import { planSourceApi } from './plan-source-api.js';
import { groupByDatabase, stagesOf } from './stages.js';
import type { TargetReports } from './target-reports.js';
import { databaseKeys } from './target-reports.js';
import type { TargetSurveys } from './target-surveys.js';

/** An API together with the names of `migration.*` that only exist once the run is there. */
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

/** @throws EdenError the first API's finding; with several, `errors` lists them all */
export async function planApis(
  deps: EngineDeps,
  work: MigrationWork,
  targets: KnownTargets,
  signal: AbortSignal,
): Promise<readonly PlannedApi[]> {
  const settled = await pMap(
    inOrderOfRun(work, targets.reports),
    ({ api, earlierOutputs }) => settle(planApi(deps, work, targets, { api, earlierOutputs })),
    { concurrency: deps.settings.maxParallel, signal },
  );
  const errors = settled.flatMap((result) => ('error' in result ? [result.error] : []));
  if (errors.length > 0) throw firstOf(errors);
  return settled.flatMap((result) => ('value' in result ? [result.value] : []));
}

function inOrderOfRun(work: MigrationWork, reports: TargetReports): readonly PlanningApi[] {
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
  deps: EngineDeps,
  work: MigrationWork,
  targets: KnownTargets,
  { api, earlierOutputs }: PlanningApi,
): Promise<PlannedApi> {
  const { member, source } = api;
  if (source !== null) return planSourceApi(deps, work, { member, source }, targets.reports);
  const bindings: PlannedBinding[] = [];
  const runtimeNames = new Set([...SYSTEM_NAMES, ...earlierOutputs]);
  for (const binding of api.bindings) {
    try {
      bindings.push(await planBinding(deps, binding, { runtimeNames, parameters: work.migration.parameters, targets }));
    } catch (error) {
      throw located(error, api, binding);
    }
    outputNames([binding]).forEach((name) => runtimeNames.add(name));
  }
  const { stage, position } = member.membership;
  return { api: member.api.uuid, apiId: member.api.id, stage, position, bindings };
}

interface BindingContext {
  readonly runtimeNames: ReadonlySet<string>;
  readonly parameters: JsonObject;
  readonly targets: KnownTargets;
}

async function planBinding(deps: EngineDeps, work: WorkBinding, context: BindingContext): Promise<PlannedBinding> {
  const { template, endpoint, binding } = work;
  const adapter = deps.targets.adapter(endpoint.kind);
  const statements = renderForPlan(deps, work, context);
  const analyses = await Promise.all(statements.map((statement) => adapter.analyze(statement)));
  const refusals = analyses.flatMap((analysis) => analysis.refusals);
  if (refusals.length > 0) throw validationError(refusals.map((message) => ({ path: 'template', message })));
  const estimates = await Promise.all(statements.map((statement) => adapter.estimateRows(endpoint, statement)));
  const known = estimates.filter((rows) => rows !== null);
  const unprepared = await unpreparedFindings(work, statements, context.targets.surveys);
  const atomicity = classOf(work, [...analyses, ...unprepared.map(() => ONE_PHASE)], context.targets.reports);
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
    findings: [...analyses.flatMap((analysis) => analysis.findings), ...unprepared],
    estimatedRows: known.length === 0 ? null : Math.max(...known),
  };
}

/**
 * Renders with the parameters' values; what exists only at run time stands as its name, or as 1 where the template
 * insists on a number.
 */
function renderForPlan(deps: EngineDeps, work: WorkBinding, context: BindingContext): readonly Statement[] {
  const parameter = lookupIn([context.parameters]);
  const render = (stand: (name: string) => JsonValue): readonly Statement[] => {
    const { values, unresolved } = resolveMigrationFields(work.binding.fields, (name) =>
      context.runtimeNames.has(name) ? stand(name) : parameter(name),
    );
    try {
      return bindOperations(deps.templates, work, values).map((operation) => operation.render(operation.batch?.start));
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

function classOf(
  work: WorkBinding,
  analyses: readonly Pick<StatementAnalysis, 'class'>[],
  reports: TargetReports,
): AtomicityClass {
  const { settings } = work;
  const batches = operationsOf(bodyOf(work)).map(({ batch }) => batch);
  const leavesTransaction =
    settings.transactional === false || [settings.batch, ...batches].some((batch) => batch?.commit === 'each');
  const classes = analyses.map((analysis) => analysis.class);
  if (leavesTransaction) classes.push(settings.rollback === undefined ? 'irreversible' : 'compensable');
  const report = reports.get(work.endpoint.uuid);
  if (report !== undefined) classes.push(report.class);
  return weakestClass(classes);
}

/** A TwoPhaseTransaction says of itself that it can be prepared. */
function assertPreparable({ template, endpoint }: WorkBinding, atomicity: AtomicityClass): void {
  if (template.kind !== 'TwoPhaseTransaction' || atomicity === '2pc') return;
  const reason = `template ${template.id} is a TwoPhaseTransaction, and on ${endpoint.id} it is ${atomicity}: make it a Transaction, or what it does preparable`;
  throw new EdenError('ATOMICITY_REFUSED', { reasons: [reason] });
}

function outputNames(bindings: readonly WorkBinding[]): readonly string[] {
  return bindings.flatMap(({ settings }) => Object.keys(settings.outputs ?? {}));
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
