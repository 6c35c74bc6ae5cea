import type { Assessment, ErrorContext, SourceMigration } from '@eden/domain';
import { EdenError, isEdenError } from '@eden/domain';
import { databaseKeys, readHistory, textToRun } from '@eden/work';
import type { History } from '@eden/work';
import type { OpenParticipant } from '../../participants/participant.js';
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
    if (!isStepped(prepared) && history.fingerprint !== prepared.planned.source.fingerprint) {
      throw sourceChanged(prepared, 'Its history holds something else than when the plan was made');
    }
    attempt.entered.set(prepared.api.member.api.uuid, await whatToDo(attempt, prepared, history));
  }
}

/** Files of it have run before the atomic part, and since it was planned: a rollback is planned behind them. */
function isStepped({ planned, direction }: PreparedSource): boolean {
  return direction === 'up' && planned.bindings.some(({ outside }) => outside?.phase === 'before');
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
  const isUp = direction === 'up';
  const options = isUp ? source.options : { ...source.options, strict: true };
  const assessment = tool.history.assess({ migrations: reading.migrations, place, rows, options });
  if (isUp) assertPending(prepared, assessment);
  const steps = await stepsInside(attempt, prepared, assessment);
  const applied = assessment.statuses.filter(({ state }) => state === 'applied').map(({ version }) => version);
  return { place, steps, applied, baseline: isUp ? assessment.baseline : [] };
}

/** The files that are part of the transaction, in the order of the plan. */
async function stepsInside(
  { deps }: Attempt,
  prepared: PreparedSource,
  { migrations }: Assessment,
): Promise<readonly SourceStep[]> {
  const { planned, endpoint, direction } = prepared;
  const adapter = deps.targets.adapter(endpoint.kind);
  const placeOf = new Map(migrations.map(({ version }, index) => [version, index]));
  const steps: SourceStep[] = [];
  for (const [binding, { file, isInline = false, outside }] of planned.bindings.entries()) {
    if (outside !== undefined) continue;
    const version = file?.version ?? '';
    const place = placeOf.get(version);
    const migration = place === undefined ? undefined : migrations[place];
    if (migration === undefined) throw sourceChanged(prepared, `The folder has no file of ${version}`);
    const text = await textToRun(adapter, isInline, textOf(migration, direction));
    steps.push({ binding, migration, text, before: migrations[(place ?? 0) - 1] ?? null });
  }
  return steps;
}

function textOf({ up, down }: SourceMigration, direction: PreparedSource['direction']): string {
  return direction === 'up' ? up : (down ?? '');
}

/** What came before the transaction has its row by now; what comes after the commit, or in a later part, is pending still. */
function assertPending(prepared: PreparedSource, { pending }: Assessment): void {
  const left = prepared.planned.bindings.filter(({ outside }) => outside?.phase !== 'before');
  const { deferred = [] } = prepared.planned.source;
  const planned = [...left.map(({ file }) => file?.version), ...deferred].join('\n');
  if (pending.map(({ version }) => version).join('\n') === planned) return;
  throw sourceChanged(prepared, 'Other files are pending than were planned');
}
