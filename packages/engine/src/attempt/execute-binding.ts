import { isEdenError } from '@eden/domain';
import type {
  BoundOperation,
  ErrorContext,
  JsonObject,
  ParticipantSession,
  RunBinding,
  TemplateSettings,
} from '@eden/domain';
import {
  bindOperations,
  checkExpectation,
  lookupIn,
  needsRows,
  resolveMigrationFields,
  runOperations,
} from '@eden/work';
import type { StatementRunner, TemplateResult, WorkBinding } from '@eden/work';
import type { BlockedReport } from '../control/blockers.js';
import { blockedOf } from '../control/blockers.js';
import type { EngineDeps } from '../deps.js';
import { jitter } from '../control/pacing.js';

/** Between two tries. */
const PAUSE_MS = 150;

export interface BindingScope {
  readonly session: ParticipantSession;
  /** Where `migration.*` is looked up, the first source that has the name wins. */
  readonly sources: readonly JsonObject[];
  readonly record: (change: Partial<RunBinding>) => void;
  /** How long a statement is tried again that locks of others stop. */
  readonly lockTimeoutMs: number;
  readonly reportBlocked: BlockedReport;
}

/** Runs one template in its participant's transaction, each attempt inside a savepoint, and checks what it expects. */
export async function executeBinding(
  deps: EngineDeps,
  work: WorkBinding,
  scope: BindingScope,
): Promise<TemplateResult> {
  const { template, endpoint, settings } = work;
  const { values, references } = resolveMigrationFields(work.binding.fields, lookupIn(scope.sources));
  scope.record({ references, startedAt: timeOf(deps) });
  try {
    const operations = bindOperations(deps.templates, work, values);
    const startedAt = deps.clock.elapsedMs();
    const wanted = needsRows(settings) ? 'rows' : 'row count';
    const execute = () => runOperations(countingRows(scope, operations), operations, settings, wanted);
    const result = await withRetries(deps, scope, settings, execute);
    const executionTimeMs = deps.clock.elapsedMs() - startedAt;
    deps.telemetry.templateExecuted(endpoint.kind, template.kind, executionTimeMs);
    scope.record({ rows: result.rowCount, executionTimeMs });
    checkExpectation(settings.expect, result);
    scope.record({ state: 'succeeded' });
    return result;
  } finally {
    scope.record({ finishedAt: timeOf(deps) });
  }
}

function timeOf({ clock }: EngineDeps): string {
  return clock.now().toISOString();
}

/** Of a template in batches it shows how far it has got. */
function countingRows({ session, record }: BindingScope, operations: readonly BoundOperation[]): StatementRunner {
  const [only, ...others] = operations;
  if (only?.batch == null || others.length > 0) return session;
  let rows = 0;
  return {
    run: async (statement, limits) => {
      const result = await session.run(statement, limits);
      rows += result.rowCount;
      record({ rows });
      return result;
    },
  };
}

/**
 * A short wait for a lock, then all that queued up behind it goes first, then the next try: so a table that somebody
 * else reads for long is not closed to everybody. Ends with the migration's lock timeout, or the template's `retries`.
 */
async function withRetries<T>(
  deps: EngineDeps,
  scope: BindingScope,
  { retries }: TemplateSettings,
  run: () => Promise<T>,
): Promise<T> {
  const deadline = deps.clock.elapsedMs() + scope.lockTimeoutMs;
  await scope.session.savepoint();
  for (let attempt = 1; ; attempt += 1) {
    scope.record({ state: 'running', attempts: attempt });
    try {
      const result = await run();
      await scope.session.releaseSavepoint();
      return result;
    } catch (error) {
      const isSpent = retries === undefined ? deps.clock.elapsedMs() >= deadline : attempt > retries;
      if (!isPassing(error) || isSpent) throw error;
      await scope.session.rollbackToSavepoint();
      scope.reportBlocked(blockedOf(error.context));
      await deps.clock.sleep(jitter(deps, PAUSE_MS));
    }
  }
}

/** Over when somebody else has gone, says the target. Everything else would fail again. */
function isPassing(error: unknown): error is Error & { readonly context: ErrorContext } {
  return isEdenError(error, 'TEMPLATE_EXECUTION_FAILED') && error.retryable;
}
