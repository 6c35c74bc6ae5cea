import type { ErrorContext, SourceMigration } from '@eden/domain';
import { EdenError, isEdenError } from '@eden/domain';
import { readHistory, textToRun } from '@eden/work';
import type { History } from '@eden/work';
import type { OpenParticipant } from '../../participants/participant.js';
import { databaseKeys } from '../../plan/target-reports.js';
import type { Attempt } from '../attempt.js';
import type { EnteredSource, PreparedSource, SourceStep } from './prepared-source.js';
import { sourceChanged, takeSteps } from './prepared-source.js';

/**
 * Takes the own locks of the tools of all sources in the participant's database, as its gates in one order for all runs,
 * and looks at their histories once more.
 * @throws EdenError SOURCE_CHANGED, LOCK_TIMEOUT (context: blockers) while the tool itself is at work
 */
export async function enterSources(attempt: Attempt, participant: OpenParticipant): Promise<void> {
  const keys = databaseKeys(attempt.reports);
  const own = attempt.sources.filter(({ endpoint }) => keys.get(endpoint.uuid) === participant.row.database.key);
  for (const prepared of own) {
    const history = await lockHistory(prepared, participant);
    if (history.fingerprint !== prepared.planned.source.fingerprint) {
      throw sourceChanged(prepared, 'Its history holds something else than when the plan was made');
    }
    attempt.entered.set(prepared.api.member.api.uuid, await whatToDo(attempt, prepared, history));
  }
}

async function lockHistory(prepared: PreparedSource, { session }: OpenParticipant): Promise<History> {
  const { tool, source } = prepared;
  try {
    const { place } = await readHistory(session, tool, source.options);
    await takeSteps(session, tool.record.lock(place), (message) => lockTimeout({ details: message }));
    return await readHistory(session, tool, source.options);
  } catch (error) {
    // A lock of the tool's that stays taken is waited for like a gate.
    if (isEdenError(error, 'TEMPLATE_EXECUTION_FAILED') && error.retryable) throw lockTimeout(error.context);
    throw error;
  }
}

function lockTimeout(context: ErrorContext): EdenError {
  return new EdenError('LOCK_TIMEOUT', context);
}

async function whatToDo(attempt: Attempt, prepared: PreparedSource, { place, rows }: History): Promise<EnteredSource> {
  const { tool, reading, source, direction } = prepared;
  const options = direction === 'up' ? source.options : { ...source.options, strict: true };
  const assessment = tool.history.assess({ migrations: reading.migrations, place, rows, options });
  const planned = prepared.planned.bindings.map(({ file }) => file?.version);
  const byVersion = new Map(assessment.migrations.map((migration) => [migration.version, migration]));
  const pending = direction === 'up' ? assessment.pending.map(({ version }) => version) : planned;
  if (pending.join('\n') !== planned.join('\n'))
    throw sourceChanged(prepared, 'Other files are pending than were planned');
  const adapter = attempt.deps.targets.adapter(prepared.endpoint.kind);
  const steps: SourceStep[] = [];
  for (const version of planned) {
    const migration = byVersion.get(version ?? '');
    if (migration === undefined) throw sourceChanged(prepared, `The folder has no file of ${String(version)}`);
    const { text } = await textToRun(adapter, source, (direction === 'up' ? migration.up : migration.down) ?? '');
    steps.push({ migration, text, before: beforeOf(assessment.migrations, migration) });
  }
  const applied = assessment.statuses.filter(({ state }) => state === 'applied').map(({ version }) => version);
  return { place, steps, applied, baseline: direction === 'up' ? assessment.baseline : [] };
}

function beforeOf(migrations: readonly SourceMigration[], migration: SourceMigration): SourceMigration | null {
  return migrations[migrations.indexOf(migration) - 1] ?? null;
}
