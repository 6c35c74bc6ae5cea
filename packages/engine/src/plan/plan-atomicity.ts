import { EdenError } from '@eden/domain';
import type { ParticipantClass, PlannedApi, PlannedBinding, PlannedDatabase } from '@eden/domain';
import type { TargetReports } from './target-reports.js';
import { reportOf } from './target-reports.js';

/** Of findings that say what a statement sets off, and what keeps that from being prepared. */
export const UNPREPARED_RULE = 'cannot-be-prepared';

interface PlacedBinding {
  readonly api: PlannedApi;
  readonly binding: PlannedBinding;
  /** Key of the database that it changes. */
  readonly database: string;
}

/**
 * The databases of an atomic migration with their classes: all can be prepared but one, which is its last resource.
 * @throws EdenError ATOMICITY_REFUSED (context: reasons, each with what to do about it)
 */
export function withClasses(
  databases: readonly PlannedDatabase[],
  apis: readonly PlannedApi[],
  reports: TargetReports,
): readonly PlannedDatabase[] {
  const placed = apis.flatMap((api) =>
    api.bindings.map((binding) => ({ api, binding, database: keyOf(binding, reports) })),
  );
  refuse(placed.filter(({ binding }) => leavesTransaction(binding)).map(outsideReason));
  const unprepared = placed.filter(({ binding }) => binding.class === 'one-phase');
  const keys = new Set(unprepared.map(({ database }) => database));
  if (keys.size > 1) refuse([tooMany(keys.size), ...unprepared.map((each) => unpreparedReason(each, reports))]);
  const classOf = (key: string): ParticipantClass => (keys.has(key) ? 'last-resource' : 'two-phase');
  return databases.map((database) => ({ ...database, class: classOf(database.identity.key) }));
}

function keyOf({ endpoint }: PlannedBinding, reports: TargetReports): string {
  return reportOf(endpoint, reports).identity.key;
}

function leavesTransaction({ class: atomicity }: PlannedBinding): boolean {
  return atomicity === 'compensable' || atomicity === 'irreversible';
}

function refuse(reasons: readonly string[]): void {
  if (reasons.length > 0) throw new EdenError('ATOMICITY_REFUSED', { reasons: [...new Set(reasons)] });
}

function outsideReason({ api, binding }: PlacedBinding): string {
  return `${api.apiId}: ${nameOf(binding)} on ${binding.endpointId} is ${binding.class}: what it does cannot be undone together with the rest; take it out of the migration`;
}

function nameOf({ template, templateId }: PlannedBinding): string {
  return template === null ? `file ${templateId}` : `template ${templateId}`;
}

function tooMany(count: number): string {
  return `${count} databases of this migration cannot be prepared; one of them could be the last to commit, more could not`;
}

function unpreparedReason({ api, binding }: PlacedBinding, reports: TargetReports): string {
  const { class: ofServer, identity, capabilities } = reportOf(binding.endpoint, reports);
  if (ofServer !== '2pc') {
    return `${binding.endpointId}: the server of ${identity.name} ${capabilities.serverUnprepared}, or migrate it by itself`;
  }
  const setOff = binding.findings.find(({ rule }) => rule === UNPREPARED_RULE);
  if (setOff !== undefined)
    return `${api.apiId}: ${nameOf(binding)} on ${binding.endpointId}: ${setOff.message}; or migrate ${identity.name} by itself`;
  return `${api.apiId}: ${nameOf(binding)} on ${binding.endpointId} ${capabilities.statementUnprepared}, or migrate ${identity.name} by itself`;
}
