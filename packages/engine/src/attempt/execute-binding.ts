import { isEdenError } from '@eden/domain';
import type { ErrorContext, JsonObject, ParticipantSession, RunBinding, TemplateSettings } from '@eden/domain';
import {
  bindOperations,
  checkExpectation,
  lookupIn,
  needsRows,
  resolveMigrationFields,
  runOperations,
} from '@eden/work';
import type { TemplateResult, WorkBinding } from '@eden/work';
import type { BlockedReport } from '../control/blockers.js';
import { blockedOf } from '../control/blockers.js';
import type { EngineDeps } from '../deps.js';
import { jitter } from '../control/pacing.js';
import type { Retrying } from './with-retries.js';
import { withRetries } from './with-retries.js';

export interface BindingScope extends Retrying {
  /** Where `migration.*` is looked up, the first source that has the name wins. */
  readonly sources: readonly JsonObject[];
}

/** Runs one template in its participant's transaction, each attempt inside a savepoint, and checks what it expects. */
export async function executeBinding(
  deps: EngineDeps,
  work: WorkBinding,
  scope: BindingScope,
): Promise<TemplateResult> {
  const { template, endpoint, settings } = work;
  const { values, references } = resolveMigrationFields(work.binding.fields, lookupIn(scope.sources));
  scope.record({ references });
  const operations = bindOperations(deps.templates, work, values);
  const startedAt = deps.clock.elapsedMs();
  const wanted = needsRows(settings) ? 'rows' : 'row count';
  const execute = () => runOperations(scope.session, operations, settings, wanted);
  const result = await withRetries(deps, scope, settings, execute);
  const executionTimeMs = deps.clock.elapsedMs() - startedAt;
  deps.telemetry.templateExecuted(endpoint.kind, template.kind, executionTimeMs);
  scope.record({ rows: result.rowCount, executionTimeMs });
  checkExpectation(settings.expect, result);
  scope.record({ state: 'succeeded' });
  return result;
}
