import type { CompiledTemplate, Endpoint, TemplateDefinition } from '@eden/domain';
import { validationError } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { checkSettings } from './check-settings.js';
import { checkStatements } from './check-statements.js';

/**
 * Refuses a template that could never run on its endpoint.
 * @throws EdenError VALIDATION_FAILED with the path, line and column of what is wrong
 */
export async function checkTemplate(
  deps: CoordinatorDeps,
  definition: TemplateDefinition,
  endpoint: Endpoint,
): Promise<CompiledTemplate> {
  if (definition.endpointKind !== endpoint.kind) {
    const message = `Endpoint ${endpoint.id} is of kind ${endpoint.kind}`;
    throw validationError([{ path: 'template.endpoint_kind', message }]);
  }
  const issues = checkSettings(definition);
  if (issues.length > 0) throw validationError(issues);
  const compiled = deps.templates.compile(definition);
  const findings = await checkStatements(deps.targets.adapter(endpoint.kind), definition, compiled);
  if (findings.length > 0) throw validationError(findings);
  return compiled;
}
