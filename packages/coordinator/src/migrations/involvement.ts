import { EdenError, type Migration, type OrganizationReader, type Subject, type Uuid } from '@eden/domain';
import { templatesOf } from '@eden/work';
import { sameHand } from './same-hand.js';

/** What somebody has done of what is to be approved. */
interface Deed {
  readonly actor: string;
  readonly deed: string;
}

/**
 * Whoever approves has made nothing of what is approved, and is not of the same hand as who has: they have not created the migration, are
 * not the last who changed it, and not the last who changed an API, a template or an endpoint of it since it was created. What was
 * there before is what its makers have chosen.
 * @throws EdenError APPROVER_INVOLVED (context: what)
 */
export async function assertUninvolved(
  reader: OrganizationReader,
  { username }: Subject,
  migration: Migration,
): Promise<void> {
  const deeds = await deedsOf(reader, migration);
  const keeping = await reader.keptSubjects([...new Set([username, ...deeds.map(({ actor }) => actor)])]);
  const what = deeds.flatMap(({ actor, deed }) => {
    const tie = sameHand(username, actor, keeping);
    return tie === null ? [] : [`${tie}${deed}`];
  });
  if (what.length === 0) return;
  throw new EdenError('APPROVER_INVOLVED', {
    migration_id: migration.id,
    what,
    suggestion: 'Ask somebody else, who has made nothing of it, nor whoever has',
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
