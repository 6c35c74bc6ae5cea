import type { ApiTemplate, GoneName, Member, OrganizationReader, PlannedApi, Uuid } from '@eden/domain';
import { queriesOf } from '@eden/domain';
import { mentions, wordsOf, type UsersOf } from '@eden/lint';

interface Place {
  readonly endpoint: Uuid;
  /** Key of its database. */
  readonly database: string;
}

interface User {
  readonly api: string;
  readonly database: string;
  readonly words: ReadonlySet<string>;
}

/**
 * Finds the APIs whose executions use what a plan drops or renames, as they are once it has run: by the words of their
 * templates on the endpoints of the plan's databases. Reads nothing where nothing is dropped or renamed.
 */
export async function usersOfGone(
  reader: Pick<OrganizationReader, 'apiTemplates' | 'templatesByUuid'>,
  planned: readonly PlannedApi[],
  { places, members }: { readonly places: readonly Place[]; readonly members: readonly Member[] },
): Promise<UsersOf> {
  const lints = planned.flatMap(({ bindings }) => bindings.flatMap(({ lint }) => lint ?? []));
  if (!lints.some((lint) => lint.places.some(({ gone }) => gone !== undefined))) return () => [];
  const bound = await reader.apiTemplates(places.map(({ endpoint }) => endpoint));
  const changed = new Set(members.filter(({ membership }) => membership.next !== null).map(({ api }) => api.uuid));
  const next = await templatesOfNext(reader, members);
  const users = [...bound.filter(({ apiUuid }) => !changed.has(apiUuid)), ...next].flatMap((each) =>
    userOf(each, places),
  );
  return (database, gone: GoneName) => [
    ...new Set(users.filter((user) => user.database === database && mentions(user.words, gone)).map(({ api }) => api)),
  ];
}

/** What APIs of the migration become with it. */
async function templatesOfNext(
  reader: Pick<OrganizationReader, 'templatesByUuid'>,
  members: readonly Member[],
): Promise<readonly ApiTemplate[]> {
  const bindings = members.flatMap(({ api, membership }) =>
    (membership.next?.bindings ?? []).map((binding) => ({ api, binding })),
  );
  const templates = await reader.templatesByUuid([...new Set(bindings.map(({ binding }) => binding.templateUuid))]);
  return bindings.flatMap(({ api, binding: { templateUuid, fields } }) => {
    const template = templates.get(templateUuid);
    return template === undefined ? [] : [{ apiUuid: api.uuid, apiId: api.id, template, fields }];
  });
}

function userOf({ apiId, template, fields }: ApiTemplate, places: readonly Place[]): readonly User[] {
  const place = places.find(({ endpoint }) => endpoint === template.endpointUuid);
  if (place === undefined) return [];
  const texts = queriesOf(template.body).map(({ query }) => query);
  const words = wordsOf(...texts, fields, template.settings.defaults ?? {});
  return [{ api: apiId, database: place.database, words }];
}
