import { setTimeout as delay } from 'node:timers/promises';
import { isEdenError } from '@eden/domain';
import type { ErrorContext, JsonObject, ParticipantSession, RunBinding, TemplateSettings } from '@eden/domain';
import { checkExpectation } from '../bindings/check-expectation.js';
import { needsRows } from '../bindings/needs-rows.js';
import { lookupIn, resolveMigrationFields } from '../bindings/resolve-references.js';
import type { TemplateResult } from '../bindings/run-operations.js';
import { runOperations } from '../bindings/run-operations.js';
import type { BlockedReport } from './blocked.js';
import type { RunDeps } from './deps.js';
import { bindOperations } from './load-work.js';
import type { WorkBinding } from './load-work.js';
import { jitter } from './pacing.js';

/** Between two tries. */
const PAUSE_MS = 150;

/** Deadlock and lock timeout: over when the other one has gone. Everything else would fail again. */
const PASSING = new Set(['40P01', '55P03']);

export interface BindingScope {
  readonly session: ParticipantSession;
  /** Where `migration.*` is looked up, the first source that has the name wins. */
  readonly sources: readonly JsonObject[];
  record(change: Partial<RunBinding>): void;
  /** How long a statement is tried again that locks of others stop. */
  readonly lockTimeoutMs: number;
  readonly reportBlocked: BlockedReport;
}

/** Runs one template in its participant's transaction, each attempt inside a savepoint, and checks what it expects. */
export async function executeBinding(deps: RunDeps, work: WorkBinding, scope: BindingScope): Promise<TemplateResult> {
  const { template, endpoint, settings } = work;
  const { values, references } = resolveMigrationFields(work.binding.fields, lookupIn(scope.sources));
  scope.record({ references });
  const operations = bindOperations(deps.templates, work, values);
  const startedAt = performance.now();
  const wanted = needsRows(settings) ? 'rows' : 'row count';
  const result = await withRetries(scope, settings, () => runOperations(scope.session, operations, settings, wanted));
  const executionTimeMs = performance.now() - startedAt;
  deps.telemetry.templateExecuted(endpoint.kind, template.kind, executionTimeMs);
  scope.record({ rows: result.rowCount, executionTimeMs });
  checkExpectation(settings.expect, result);
  scope.record({ state: 'succeeded' });
  return result;
}

/**
 * A short wait for a lock, then all that queued up behind it goes first, then the next try: so a table that somebody
 * else reads for long is not closed to everybody. Ends with the migration's lock timeout, or the template's `retries`.
 */
async function withRetries<T>(scope: BindingScope, { retries }: TemplateSettings, run: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + scope.lockTimeoutMs;
  await scope.session.savepoint();
  for (let attempt = 1; ; attempt += 1) {
    scope.record({ state: 'running', attempts: attempt });
    try {
      const result = await run();
      await scope.session.releaseSavepoint();
      return result;
    } catch (error) {
      const isSpent = retries === undefined ? performance.now() >= deadline : attempt > retries;
      if (!isPassing(error) || isSpent) throw error;
      await scope.session.rollbackToSavepoint();
      scope.reportBlocked(error.context);
      await delay(jitter(PAUSE_MS));
    }
  }
}

function isPassing(error: unknown): error is Error & { readonly context: ErrorContext } {
  return isEdenError(error, 'TEMPLATE_EXECUTION_FAILED') && PASSING.has(String(error.context['sqlstate']));
}
