import { EdenError } from '@eden/domain';
import type { Binding, JsonObject, OrganizationReader, Plan, RunApi, Uuid } from '@eden/domain';
import { resolveMigrationFields } from './bindings/resolve-references.js';
import { loadWork } from './load-work.js';
import type { MigrationWork, WorkApi, WorkBinding } from './load-work.js';

/**
 * What a rollback does: the rollbacks of the templates that the migrate ran, the last one first, each with the values
 * of `migration.*` that its template had been given then (a table named after `migration.started_at` is found again).
 * @throws EdenError ROLLBACK_REFUSED (context: reasons) when a part of it cannot be undone
 */
export async function loadRollbackWork(reader: OrganizationReader, migrationUuid: Uuid): Promise<MigrationWork> {
  const [work, plan, run] = await Promise.all([
    loadWork(reader, migrationUuid),
    reader.plan(migrationUuid),
    reader.latestRun(migrationUuid, 'migrate'),
  ]);
  if (plan === null || run?.state !== 'succeeded') throw refuseRollback(['Nothing tells what the migration has done']);
  const ran = await reader.runApis(run.uuid);
  const reasons = [...missingApis(work, ran), ...work.apis.flatMap((api) => obstacles(api, plan))];
  if (reasons.length > 0) throw refuseRollback(reasons);
  return { ...work, apis: work.apis.toReversed().map((api) => undone(api, work, ran)) };
}

export function refuseRollback(reasons: readonly string[]): EdenError {
  return new EdenError('ROLLBACK_REFUSED', { reasons });
}

function missingApis({ apis }: MigrationWork, ran: readonly RunApi[]): readonly string[] {
  const members = new Set(apis.map(({ member }) => member.api.uuid));
  return ran
    .filter(({ api, bindings }) => bindings.length > 0 && !members.has(api))
    .map(({ apiId }) => `Api "${apiId}" has been deleted, and with it what its part in the migration was`);
}

function obstacles({ member, bindings }: WorkApi, plan: Plan): readonly string[] {
  const planned = plan.apis.find(({ api }) => api === member.api.uuid)?.bindings ?? [];
  return bindings.flatMap((binding) => {
    const { template, index } = binding;
    if (!isUndoable(binding)) {
      return [`Template "${template.id}" has no rollback: add one (SELECT 1, if it leaves nothing to undo)`];
    }
    if (planned[index]?.endpoint === template.endpointUuid) return [];
    return [`Template "${template.id}" has moved to another endpoint since the migration ran`];
  });
}

/** What only reads leaves nothing behind. */
function isUndoable({ template }: WorkBinding): boolean {
  return template.kind === 'Read' || template.settings.rollback !== undefined;
}

function undone(api: WorkApi, { apis }: MigrationWork, ran: readonly RunApi[]): WorkApi {
  const { membership } = api.member;
  const record = ran.find((each) => each.api === api.member.api.uuid);
  // Mirrored within their bounds: the column of stages takes 32 bits, as clients do.
  const stages = apis.map(({ member }) => member.membership.stage);
  const stage = Math.min(...stages) + Math.max(...stages) - membership.stage;
  const position = Math.max(...apis.map(({ member }) => member.membership.position)) - membership.position;
  const bindings = api.bindings
    .filter(({ template }) => template.settings.rollback !== undefined)
    .toReversed()
    .map((binding, index) => undoneBinding(binding, index, record));
  const source = api.source === null ? null : { ...api.source, direction: 'down' as const };
  return { ...api, member: { ...api.member, membership: { ...membership, stage, position } }, bindings, source };
}

function undoneBinding(work: WorkBinding, index: number, record: RunApi | undefined): WorkBinding {
  const { timeout_ms, lock_timeout_ms, retries } = work.settings;
  const settings = {
    ...(timeout_ms === undefined ? {} : { timeout_ms }),
    ...(lock_timeout_ms === undefined ? {} : { lock_timeout_ms }),
    ...(retries === undefined ? {} : { retries }),
  };
  const binding = givenBinding(work.binding, record?.bindings[work.index]?.references ?? {});
  return { ...work, index, binding, text: 'rollback', settings };
}

/** The binding with its references replaced by what they had resolved to. */
function givenBinding({ templateUuid, fields }: Binding, references: JsonObject): Binding {
  const given = (name: string) => (Object.hasOwn(references, name) ? references[name] : undefined);
  const { values } = resolveMigrationFields(fields, given);
  return {
    templateUuid,
    fields: Object.fromEntries(Object.entries(values).map(([field, literal]) => [field, { literal }])),
  };
}
