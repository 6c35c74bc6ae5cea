import { readHistory } from '@eden/work';
import type { OpenParticipant } from '../../participants/participant.js';
import { databaseKeys } from '../../plan/target-reports.js';
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

async function confirm(
  prepared: PreparedSource,
  { place: locked, steps }: EnteredSource,
  { session }: OpenParticipant,
): Promise<void> {
  const { tool, source, reading, direction } = prepared;
  await takeSteps(session, tool.record.unlock(locked), (message) => sourceChanged(prepared, message));
  const { place, rows } = await readHistory(session, tool, source.options);
  const { statuses } = tool.history.assess({ migrations: reading.migrations, place, rows, options: source.options });
  const applied = new Set(statuses.filter(({ state }) => state === 'applied').map(({ version }) => version));
  const wanted = direction === 'up';
  const wrong = steps.filter(({ migration: { version, details } }) => {
    // What runs each time is pending again at once.
    return details['runAlways'] !== true && applied.has(version) !== wanted;
  });
  const files = wrong.map(({ migration }) => migration.file).join(', ');
  if (files !== '')
    throw sourceChanged(prepared, `Behind its files the history does not say of ${files} what they have done`);
}
