import { EdenError, type Migration, type OrganizationReader, type Subject, type Uuid } from '@eden/domain';
import { templatesOf } from '@eden/work';
import type { CoordinatorSettings } from '../deps.js';
import { sameHand, type Keeping } from './same-hand.js';

const NOBODY_KEPT: Keeping = new Map();

const SUGGESTION: Readonly<Record<CoordinatorSettings['approvalBy'], string>> = {
  another: 'Ask somebody else, who has made nothing of it',
  unrelated: 'Ask somebody else, who has made nothing of it, nor whoever has',
};

/** What somebody has done of what is to be approved. */
interface Deed {
  readonly actor: string;
  readonly deed: string;
}

/**
 * Whoever approves has made nothing of what is approved: they have not created the migration, are not the last who changed it, and
 * not the last who changed an API, a template or an endpoint of it since it was created. What was there before is what its makers
 * have chosen. Where only the `unrelated` approve, they are not of the same hand as who has, either (docs/adr/0065).
 * @throws EdenError APPROVER_INVOLVED (context: what)
 */
export async function assertUninvolved(
  { approvalBy }: Pick<CoordinatorSettings, 'approvalBy'>,
  reader: OrganizationReader,
  { username }: Subject,
  migration: Migration,
): Promise<void> {
  const deeds = await deedsOf(reader, migration);
  const subjects = [...new Set([username, ...deeds.map(({ actor }) => actor)])];
  const keeping = approvalBy === 'unrelated' ? await reader.keptSubjects(subjects) : NOBODY_KEPT;
  const what = deeds.flatMap(({ actor, deed }) => {
    const tie = sameHand(username, actor, keeping);
    return tie === null ? [] : [`${tie}${deed}`];
  });
  if (what.length === 0) return;
  throw new EdenError('APPROVER_INVOLVED', {
    migration_id: migration.id,
    what,
    suggestion: SUGGESTION[approvalBy],
  });
}

async function deedsOf(reader: OrganizationReader, migration: Migration): Promise<readonly Deed[]> {
  const parts = await partsOf(reader, migration);
  const changes = await reader.lastChanges([...parts.keys()]);
  return [
    { actor: migration.createdBy, deed: `created migration ${migration.id}` },
    ...changes
      .filter(({ at }) => at >= migration.createdAt)
      .map(({ actor, resource }) => ({ actor, deed: `changed ${parts.get(resource)} last` })),
  ];
}

/** What the plan is made of, in words. */
async function partsOf(reader: OrganizationReader, migration: Migration): Promise<ReadonlyMap<Uuid, string>> {
  const members = await reader.members(migration.uuid);
  const sources = await reader.sources(migration.uuid);
  const templates = [...(await reader.templatesByUuid(templatesOf(members))).values()];
  const endpoints = await reader.endpointsByUuid([
    ...templates.map(({ endpointUuid }) => endpointUuid),
    ...sources.map(({ endpointUuid }) => endpointUuid),
  ]);
  return new Map([
    [migration.uuid, `migration ${migration.id}`],
    ...members.map(({ api }) => [api.uuid, `API ${api.id}`] as const),
    ...templates.map(({ uuid, id }) => [uuid, `template ${id}`] as const),
    ...[...endpoints.values()].map(({ uuid, id }) => [uuid, `endpoint ${id}`] as const),
  ]);
}
