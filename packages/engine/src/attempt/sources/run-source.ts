import type { EdenError as EdenErrorType, Execution, ParticipantSession, RunBinding } from '@eden/domain';
import { EdenError, isEdenError } from '@eden/domain';
import { lockTimeoutOf } from '@eden/work';
import { timeOf } from '../../control/time-of.js';
import type { Attempt } from '../attempt.js';
import { withRetries } from '../with-retries.js';
import type { EnteredSource, PreparedSource, SourceStep } from './prepared-source.js';
import { sourceChanged, takeSteps } from './prepared-source.js';

export interface SourceScope {
  readonly attempt: Attempt;
  readonly session: ParticipantSession;
  readonly prepared: PreparedSource;
  readonly entered: EnteredSource;
}

/** The history's table, and what counts as applied, before the first file. */
export async function openHistory({ attempt, session, prepared, entered }: SourceScope): Promise<void> {
  const { place, baseline, steps } = entered;
  const { record } = prepared.tool;
  if (prepared.direction === 'down' || steps.length + baseline.length === 0) return;
  const refuse = (message: string): EdenErrorType => sourceChanged(prepared, message);
  await takeSteps(session, record.create(place), refuse);
  await takeSteps(session, record.baselined(place, baseline, execution(attempt, 0)), refuse);
}

/**
 * One file as it is, and its row as the tool writes it, in one savepoint.
 * @throws EdenError TEMPLATE_EXECUTION_FAILED (context: file)
 */
export async function runFile(scope: SourceScope, index: number): Promise<void> {
  const { attempt, session, prepared, entered } = scope;
  const { deps, work, progress, recorder, reportBlocked } = attempt;
  const { uuid } = prepared.api.member.api;
  const step = stepAt(entered, index);
  const record = (change: Partial<RunBinding>): void => {
    progress.setBinding(uuid, step.binding, change);
    recorder.note(uuid);
  };
  const lockTimeoutMs = lockTimeoutOf(work.migration, deps.settings.lockTimeoutMs);
  const retries = { session, record, lockTimeoutMs, reportBlocked };
  const startedAt = deps.clock.elapsedMs();
  record({ startedAt: timeOf(deps) });
  try {
    const rows = await withRetries(deps, retries, {}, { run: () => runOnce(scope, step) });
    record({ state: 'succeeded', rows, executionTimeMs: deps.clock.elapsedMs() - startedAt });
  } catch (error) {
    throw explain(error, entered, index);
  } finally {
    record({ finishedAt: timeOf(deps) });
  }
}

async function runOnce({ attempt, session, prepared, entered }: SourceScope, step: SourceStep): Promise<number> {
  const { clock } = attempt.deps;
  const { record } = prepared.tool;
  const startedAt = clock.elapsedMs();
  const { rowCount } = await session.run({ text: step.text, params: [], syntax: 'sql' }, { rows: 'discard' });
  const noted = execution(attempt, clock.elapsedMs() - startedAt);
  const steps =
    prepared.direction === 'up'
      ? record.applied(entered.place, step.migration, noted)
      : record.removed(entered.place, step.migration, step.before);
  await takeSteps(session, steps, (message) => sourceChanged(prepared, message));
  return rowCount;
}

/** Ten digits of the time at which the run was begun are one for all its files. */
function execution({ deps, ownership }: Attempt, executionTimeMs: number): Execution {
  const { startedAt } = ownership.current.run;
  const deployment = String((startedAt ?? deps.clock.now()).getTime()).slice(-10);
  return { id: deps.chance.uuid(), executionTimeMs, deployment };
}

function stepAt({ steps }: EnteredSource, index: number): SourceStep {
  const step = steps[index];
  if (step === undefined) throw new TypeError('a file that was not planned');
  return step;
}

const UNSAFE_NEW_ENUM_VALUE = '55P04';

/** Which file it was; of a new enum value that cannot be used yet, which file adds one. */
function explain(error: unknown, { steps }: EnteredSource, index: number): unknown {
  if (!isEdenError(error, 'TEMPLATE_EXECUTION_FAILED')) return error;
  const file = steps[index]?.migration.file;
  const hint = error.context['sqlstate'] === UNSAFE_NEW_ENUM_VALUE ? enumHint(steps, index) : {};
  const options = { sentence: error.message, cause: error, retryable: error.retryable };
  return new EdenError(error.code, { ...error.context, file, ...hint }, options);
}

function enumHint(steps: readonly SourceStep[], index: number): { readonly suggestion?: string } {
  const adds = steps.slice(0, index + 1).findLast(({ text }) => /\badd\s+value\b/i.test(text));
  const using = steps[index];
  if (adds === undefined || using === undefined) return {};
  if (adds === using) {
    const suggestion = `${using.migration.file} uses a value of an enum that it adds itself, which PostgreSQL allows only once that has been committed: divide the file`;
    return { suggestion };
  }
  const suggestion = `${using.migration.file} uses a value of an enum that ${adds.migration.file} adds, which PostgreSQL allows only once that has been committed: apply up to "to": "${adds.migration.version}" first, and the rest by a migration of its own`;
  return { suggestion };
}
