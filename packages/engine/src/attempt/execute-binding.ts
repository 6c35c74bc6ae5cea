import type { BoundOperation, JsonObject } from '@eden/domain';
import {
  bindOperations,
  checkExpectation,
  lookupIn,
  needsRows,
  resolveMigrationFields,
  runOperations,
} from '@eden/work';
import type { StatementRunner, TemplateResult, WorkBinding } from '@eden/work';
import { timeOf } from '../control/time-of.js';
import type { EngineDeps } from '../deps.js';
import type { Sent } from './sent-ahead.js';
import type { Retrying } from './with-retries.js';
import { withRetries } from './with-retries.js';

export interface BindingScope extends Retrying {
  /** Where `migration.*` is looked up, the first source that has the name wins. */
  readonly sources: readonly JsonObject[];
  /** Its first try, where it was sent ahead. */
  readonly sent: Sent | null;
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
    const run = () => runOperations(countingRows(scope, operations), operations, settings, wanted);
    const sent = scope.sent?.answer.then((answer) => ({ ...answer, batches: 0 })) ?? null;
    const result = await withRetries(deps, scope, settings, { run, sent });
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
