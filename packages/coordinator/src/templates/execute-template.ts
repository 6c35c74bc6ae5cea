import type { BoundTemplate, Endpoint, JsonObject, Ref, Subject, Template } from '@eden/domain';
import { requireLevel } from '@eden/domain';
import { attributeError, bindTemplate, checkExpectation, runOperations } from '@eden/work';
import type { TemplateResult } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';
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
  requireLevel(subject, requiredLevelOf(deps.templates, [template]));
  const bound = bindTemplate(deps.templates, template, params);
  const endpoint = await organization.endpoint(template.endpointUuid);
  const startedAt = deps.clock.elapsedMs();
  const { rows, rowCount } = await runInTransaction(deps, { template, endpoint, bound });
  const executionTimeMs = deps.clock.elapsedMs() - startedAt;
  deps.telemetry.templateExecuted(endpoint.kind, template.kind, executionTimeMs);
  return { rows, rowCount, executionTimeMs };
}

interface BoundTemplateRun {
  readonly template: Template;
  readonly endpoint: Endpoint;
  readonly bound: BoundTemplate;
}

async function runInTransaction(
  deps: CoordinatorDeps,
  { template, endpoint, bound }: BoundTemplateRun,
): Promise<TemplateResult> {
  const session = await deps.targets.adapter(endpoint.kind).openExecution(endpoint, {
    readOnly: template.kind === 'Read',
    gate: null,
    lockTimeoutMs: deps.settings.lockTimeoutMs,
    statementTimeoutMs: deps.settings.statementTimeoutMs,
    idleTimeoutMs: 0,
  });
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
