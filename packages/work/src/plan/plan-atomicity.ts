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

/** Why a migration's only database is not prepared: there is nobody to wait for. */
const ALONE = 'The only database of the migration: it commits in one phase, and may do whatever a transaction may';

/**
 * The databases of an atomic migration with their classes: all can be prepared but one, which is its last resource. A
 * single database is that in any case.
 * @param found In which databases a run of this plan could not be prepared, by their keys, and why not.
 * @throws EdenError ATOMICITY_REFUSED (context: reasons, each with what to do about it)
 */
export function withClasses(
  databases: readonly PlannedDatabase[],
  apis: readonly PlannedApi[],
  reports: TargetReports,
  found: ReadonlyMap<string, string>,
): readonly PlannedDatabase[] {
  const placed = apis.flatMap((api) =>
    api.bindings.map((binding) => ({ api, binding, database: keyOf(binding, reports) })),
  );
  if (databases.length === 1) return databases.map((database) => asLast(database, ALONE));
  const reasons = unpreparedReasons(databases, placed, reports, found);
  if (reasons.size > 1) refuse([tooMany(reasons.size), ...[...reasons.values()].flat()]);
  return databases.map((database) => {
    const why = reasons.get(database.identity.key);
    return why === undefined ? database : asLast(database, why.join('; '));
  });
}

function asLast(database: PlannedDatabase, reason: string): PlannedDatabase {
  return { ...database, class: 'last-resource', reason };
}

/** Of each database that cannot be prepared, by its key. */
function unpreparedReasons(
  databases: readonly PlannedDatabase[],
  placed: readonly PlacedBinding[],
  reports: TargetReports,
  found: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly string[]> {
  const reasonsOf = ({ identity: { key, name } }: PlannedDatabase): readonly string[] => {
    const here = placed.filter(({ database }) => database === key);
    const unprepared = here.filter(({ binding }) => isUnprepared(binding, reports));
    const reason = found.get(key);
    const shown = reason === undefined ? [] : [shownReason(name, reason)];
    return [...new Set([...unprepared.map((each) => unpreparedReason(each, reports)), ...shown])];
  };
  const all = databases.map((database) => [database.identity.key, reasonsOf(database)] as const);
  return new Map(all.filter(([, reasons]) => reasons.length > 0));
}

/** A step outside the transaction is none of what is prepared, but its server is asked to prepare all the same. */
function isUnprepared({ class: atomicity, endpoint }: PlannedBinding, reports: TargetReports): boolean {
  return atomicity === 'one-phase' || reportOf(endpoint, reports).class !== '2pc';
}

function keyOf({ endpoint }: PlannedBinding, reports: TargetReports): string {
  return reportOf(endpoint, reports).identity.key;
}

function refuse(reasons: readonly string[]): void {
  if (reasons.length > 0) throw new EdenError('ATOMICITY_REFUSED', { reasons: [...new Set(reasons)] });
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

function shownReason(name: string, reason: string): string {
  return `${name}: what this plan does there could not be prepared when it ran (${reason}): change the plan or its triggers, or migrate ${name} by itself`;
}
