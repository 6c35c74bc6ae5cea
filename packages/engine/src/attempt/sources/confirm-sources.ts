import { databaseKeys, readHistory } from '@eden/work';
import type { OpenParticipant } from '../../participants/participant.js';
import type { Attempt } from '../attempt.js';
import type { EnteredSource, PreparedSource } from './prepared-source.js';
import { sourceChanged, takeSteps } from './prepared-source.js';

/**
 * The last look before the votes: each history is what its tool would leave, whatever the files have done to it, and nothing
 * of it is locked for longer than the transaction.
 * @throws EdenError SOURCE_CHANGED
 */
export async function confirmSources(attempt: Attempt, participants: readonly OpenParticipant[]): Promise<void> {
  const keys = databaseKeys(attempt.reports);
  for (const prepared of attempt.sources) {
    const entered = attempt.entered.get(prepared.api.member.api.uuid);
    const participant = participants.find(({ row }) => row.database.key === keys.get(prepared.endpoint.uuid));
    if (entered === undefined || participant === undefined) throw new TypeError('a source that was not entered');
    await confirm(prepared, entered, participant);
  }
}

async function confirm(prepared: PreparedSource, entered: EnteredSource, { session }: OpenParticipant): Promise<void> {
  const { tool, source, reading } = prepared;
  await takeSteps(session, tool.record.unlock(entered.place), (message) => sourceChanged(prepared, message));
  const { place, rows } = await readHistory(session, tool, source.options);
  const { statuses } = tool.history.assess({ migrations: reading.migrations, place, rows, options: source.options });
  const applied = new Set(statuses.filter(({ state }) => state === 'applied').map(({ version }) => version));
  const wrong = wrongVersions(prepared, entered, applied).join(', ');
  if (wrong !== '')
    throw sourceChanged(prepared, `Behind its files the history does not say what was done of ${wrong}`);
}

/** What the history should hold by now and does not, or still holds. */
function wrongVersions(
  { direction }: PreparedSource,
  { steps, applied: before, baseline, place }: EnteredSource,
  applied: ReadonlySet<string>,
): readonly string[] {
  // What runs each time is pending again at once.
  const ran = steps.filter(({ migration }) => migration.details['runAlways'] !== true);
  const versions = ran.map(({ migration }) => migration.version);
  if (direction === 'down') {
    const left = before.filter((version) => !versions.includes(version) && !applied.has(version));
    return [...left, ...versions.filter((version) => applied.has(version))];
  }
  // Of a baseline, tools note as much as they like.
  const noted = new Set(baseline.map(({ version }) => version));
  const kept = Object.keys(place.columns).length === 0 ? [] : before.filter((version) => !noted.has(version));
  return [...kept, ...versions].filter((version) => !applied.has(version));
}
