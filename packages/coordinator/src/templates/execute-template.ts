import type {
  BoundTemplate,
  Endpoint,
  ExecutionOptions,
  JsonObject,
  Ref,
  StatementResult,
  Subject,
  Template,
} from '@eden/domain';
import { requireLevelOn } from '@eden/domain';
import { attributeError, bindTemplate, checkExpectation, runOperations } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';
import { loneOperationOf, readAlone } from './lone-read.js';
import { requiredLevelOf } from './required-level.js';

export interface TemplateExecution {
  readonly rows: readonly JsonObject[];
  readonly rowCount: number;
  readonly executionTimeMs: number;
}

/**
 * Runs one template with the given parameters, in one transaction on its endpoint.
 * @throws EdenError TEMPLATE_NOT_FOUND, INSUFFICIENT_PERMISSIONS, REQUIRED_PARAMETER_MISSING, TEMPLATE_NOT_RENDERED,
 *         TEMPLATE_EXECUTION_FAILED, EXPECTATION_FAILED, ENDPOINT_UNAVAILABLE
 */
export async function executeTemplate(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
  params: JsonObject,
): Promise<TemplateExecution> {
  const organization = deps.store.organization(subject.organizationUuid);
  const template = await organization.template(ref);
  requireLevelOn(subject, template.uuid, requiredLevelOf(deps.templates, [template]));
  const bound = bindTemplate(deps.templates, template, params);
  const endpoint = await organization.endpoint(template.endpointUuid);
  const startedAt = deps.clock.elapsedMs();
  const { rows, rowCount } = await runBound(deps, { template, endpoint, bound });
  const executionTimeMs = deps.clock.elapsedMs() - startedAt;
  deps.telemetry.templateExecuted(endpoint.kind, template.kind, executionTimeMs);
  return { rows, rowCount, executionTimeMs };
}

interface BoundTemplateRun {
  readonly template: Template;
  readonly endpoint: Endpoint;
  readonly bound: BoundTemplate;
}

async function runBound(deps: CoordinatorDeps, run: BoundTemplateRun): Promise<StatementResult> {
  const { template, endpoint, bound } = run;
  const options: ExecutionOptions = {
    readOnly: template.kind === 'Read',
    gate: null,
    lockTimeoutMs: deps.settings.lockTimeoutMs,
    statementTimeoutMs: deps.settings.statementTimeoutMs,
    idleTimeoutMs: 0,
  };
  const operation = loneOperationOf(template, bound);
  if (operation === null) return runInTransaction(deps, run, options);
  const result = await readAlone(deps, { template, endpoint, operation }, options);
  if (typeof result === 'string') throw new Error('a template has no gate');
  try {
    checkExpectation(template.settings.expect, result);
    return result;
  } catch (error) {
    throw attributeError(error, template);
  }
}

async function runInTransaction(
  deps: CoordinatorDeps,
  { template, endpoint, bound }: BoundTemplateRun,
  options: ExecutionOptions,
): Promise<StatementResult> {
  const session = await deps.targets.adapter(endpoint.kind).openExecution(endpoint, options);
  try {
    await session.enter();
    const result = await runOperations(session, bound.operations, template.settings);
    checkExpectation(template.settings.expect, result);
    await session.commit();
    return result;
  } catch (error) {
    await session.abandon();
    throw attributeError(error, template);
  }
}
