import type { Api, Binding, Endpoint, OrganizationReader, OrganizationStore, Template, Uuid } from '@eden/domain';
import { EdenError } from '@eden/domain';
import { refuseManaged } from './refuse-managed.js';

/** One binding of an API with everything it takes to run it. */
export interface ApiStep {
  /** Key in the answer: the template's uuid, `<uuid>#2` for the second binding of it. */
  readonly key: string;
  readonly template: Template;
  readonly endpoint: Endpoint;
  readonly binding: Binding;
}

/** An API as it is now, ready to be executed. */
export interface ApiWork {
  readonly api: Api;
  readonly steps: readonly ApiStep[];
}

/**
 * The first execution outside of migrations is noted before it begins: whoever adds the API to one from then on waits
 * for those who may not know (protocol I6).
 */
export async function loadToExecute(organization: OrganizationStore, apiUuid: Uuid): Promise<ApiWork> {
  const work = await loadApiWork(organization, apiUuid);
  if (work.api.untouchedOn === null || activeMigrationOf(work.api) !== null) return work;
  await organization.touchApi(apiUuid);
  return loadApiWork(organization, apiUuid);
}

async function loadApiWork(organization: OrganizationReader, apiUuid: Uuid): Promise<ApiWork> {
  const api = await organization.api(apiUuid);
  refuseManaged(api);
  const templates = await organization.templatesByUuid(unique(api.bindings.map(({ templateUuid }) => templateUuid)));
  const endpointUuids = [...templates.values()].map(({ endpointUuid }) => endpointUuid);
  const endpoints = await organization.endpointsByUuid(unique(endpointUuids));
  const keys = answerKeys(api.bindings);
  const steps = api.bindings.map((binding, index): ApiStep => {
    const template = templates.get(binding.templateUuid);
    const endpoint = template && endpoints.get(template.endpointUuid);
    // Foreign keys keep both; a template that moved between two of these reads is found by the next call.
    if (template === undefined || endpoint === undefined) throw missingTemplate(binding);
    return { key: keys[index] ?? template.uuid, template, endpoint, binding };
  });
  return { api, steps };
}

function missingTemplate({ templateUuid }: Binding): EdenError {
  const suggestion = 'Verify template exists in your organization';
  return new EdenError('TEMPLATE_NOT_FOUND', { template_id: templateUuid, suggestion });
}

/** The migration that the API belongs to now, null when it is free. */
export function activeMigrationOf(api: Api): Uuid | null {
  return api.membership?.active === true ? api.membership.migrationUuid : null;
}

function unique(uuids: readonly Uuid[]): readonly Uuid[] {
  return [...new Set(uuids)];
}

function answerKeys(bindings: readonly Binding[]): readonly string[] {
  const seen = new Map<Uuid, number>();
  return bindings.map(({ templateUuid }) => {
    const count = (seen.get(templateUuid) ?? 0) + 1;
    seen.set(templateUuid, count);
    return count === 1 ? templateUuid : `${templateUuid}#${count}`;
  });
}
