import { setTimeout as delay } from 'node:timers/promises';
import { isEdenError } from '@eden/domain';
import type { ErrorContext, JsonObject, ParticipantSession, RunBinding } from '@eden/domain';
import { checkExpectation } from '../bindings/check-expectation.js';
import { lookupIn, resolveMigrationFields } from '../bindings/resolve-references.js';
import type { TemplateResult } from '../bindings/run-operations.js';
import { runOperations } from '../bindings/run-operations.js';
import type { RunDeps } from './deps.js';
import { bindOperations } from './load-work.js';
import type { WorkBinding } from './load-work.js';
import { backoffMs } from './pacing.js';

/** Retries of a statement that a lock or a deadlock stopped, where the template names none. */
const DEFAULT_RETRIES = 3;

/** Deadlock and lock timeout: over when the other one has gone. Everything else would fail again. */
const PASSING = new Set(['40P01', '55P03']);

export interface BindingScope {
  readonly session: ParticipantSession;
  /** Where `migration.*` is looked up, the first source that has the name wins. */
  readonly sources: readonly JsonObject[];
  record(change: Partial<RunBinding>): void;
  /** Called each time somebody else's lock stood in the way. */
  blocked(context: ErrorContext): Promise<void>;
}

/** Runs one template in its participant's transaction, each attempt inside a savepoint, and checks what it expects. */
export async function executeBinding(deps: RunDeps, work: WorkBinding, scope: BindingScope): Promise<TemplateResult> {
  const { template, endpoint, settings } = work;
  const { values, references } = resolveMigrationFields(work.binding.fields, lookupIn(scope.sources));
  scope.record({ references });
  const operations = bindOperations(deps.templates, work, values);
  const startedAt = performance.now();
  const result = await withRetries(scope, settings.retries ?? DEFAULT_RETRIES, () =>
    runOperations(scope.session, operations, settings),
  );
  const executionTimeMs = performance.now() - startedAt;
  deps.telemetry.templateExecuted(endpoint.kind, template.kind, executionTimeMs);
  scope.record({ rows: result.rowCount, executionTimeMs });
  checkExpectation(settings.expect, result);
  scope.record({ state: 'succeeded' });
  return result;
}

async function withRetries<T>(scope: BindingScope, retries: number, run: () => Promise<T>): Promise<T> {
  await scope.session.savepoint();
  for (let attempt = 1; ; attempt += 1) {
    scope.record({ state: 'running', attempts: attempt });
    try {
      const result = await run();
      await scope.session.releaseSavepoint();
      return result;
    } catch (error) {
      if (!isPassing(error) || attempt > retries) throw error;
      await scope.session.rollbackToSavepoint();
      await scope.blocked(error.context);
      await delay(backoffMs(attempt));
    }
  }
}

function isPassing(error: unknown): error is Error & { readonly context: ErrorContext } {
  return isEdenError(error, 'TEMPLATE_EXECUTION_FAILED') && PASSING.has(String(error.context['sqlstate']));
}
