import { EdenError } from '@eden/domain';
import type {
  Binding,
  BoundOperation,
  Endpoint,
  JsonObject,
  Member,
  Migration,
  OrganizationReader,
  Source,
  Template,
  TemplateBody,
  TemplatePort,
  TemplateSettings,
  Uuid,
} from '@eden/domain';
import { bindTemplate } from './bindings/compile-template.js';

/** One migration binding with what it names and what it does. */
export interface WorkBinding {
  readonly index: number;
  readonly binding: Binding;
  readonly template: Template;
  readonly endpoint: Endpoint;
  /** Which of the template's two texts runs: what it does, or what undoes it. */
  readonly text: 'template' | 'rollback';
  /** Those that apply to the text. */
  readonly settings: TemplateSettings;
}

/** The folder that the API of a source brings in. */
export interface WorkSource {
  readonly source: Source;
  readonly endpoint: Endpoint;
  /** Whether its pending files run, or what takes back those that have run. */
  readonly direction: 'up' | 'down';
}

/** One API of the migration: what it does in it, and which endpoints its own executions read. */
export interface WorkApi {
  readonly member: Member;
  readonly bindings: readonly WorkBinding[];
  /** Instead of bindings, where the API is a source's. */
  readonly source: WorkSource | null;
  /** Endpoints of the API's own bindings, before and after the run. */
  readonly readerEndpoints: readonly Endpoint[];
  /** Templates of the same. */
  readonly readerTemplates: readonly Template[];
}

/** Everything a sync or migrate needs to know of a migration, read once. */
export interface MigrationWork {
  readonly migration: Migration;
  /** By stage, then in the order they were added. */
  readonly apis: readonly WorkApi[];
}

/** @throws EdenError TEMPLATE_NOT_FOUND, ENDPOINT_NOT_FOUND */
export async function loadWork(reader: OrganizationReader, migrationUuid: Uuid): Promise<MigrationWork> {
  const [migration, members, sources] = await Promise.all([
    reader.migration(migrationUuid),
    reader.members(migrationUuid),
    reader.sources(migrationUuid),
  ]);
  const templates = await reader.templatesByUuid(templatesOf(members));
  const ofTemplates = [...templates.values()].map((t) => t.endpointUuid);
  const ofSources = sources.map((source) => source.endpointUuid);
  const endpoints = await reader.endpointsByUuid(unique([...ofTemplates, ...ofSources]));
  return composeWork(migration, members, { sources, templates, endpoints });
}

/** What the members of a migration name, by their uuids. */
export interface NamedParts {
  readonly sources: readonly Source[];
  readonly templates: ReadonlyMap<Uuid, Template>;
  readonly endpoints: ReadonlyMap<Uuid, Endpoint>;
}

/** @throws EdenError TEMPLATE_NOT_FOUND, ENDPOINT_NOT_FOUND for what is not among the parts */
export function composeWork<Of>(
  migration: Of,
  members: readonly Member[],
  { sources, templates, endpoints }: NamedParts,
): { readonly migration: Of; readonly apis: readonly WorkApi[] } {
  const sourceOf = ({ api }: Member): WorkSource | null => {
    const source = sources.find(({ apiUuid }) => apiUuid === api.uuid);
    if (source === undefined) return null;
    const endpoint = found(endpoints, source.endpointUuid, 'ENDPOINT_NOT_FOUND', 'endpoint');
    return { source, endpoint, direction: 'up' };
  };
  const look = (binding: Binding, index: number): WorkBinding => {
    const template = found(templates, binding.templateUuid, 'TEMPLATE_NOT_FOUND', 'template');
    const endpoint = found(endpoints, template.endpointUuid, 'ENDPOINT_NOT_FOUND', 'endpoint');
    return { index, binding, template, endpoint, text: 'template', settings: template.settings };
  };
  return {
    migration,
    apis: members.map((member) => {
      const reads = readerBindings(member).map(look);
      return {
        member,
        bindings: member.membership.bindings.map(look),
        source: sourceOf(member),
        readerEndpoints: reads.map(({ endpoint }) => endpoint),
        readerTemplates: reads.map(({ template }) => template),
      };
    }),
  };
}

/** The statements of the binding's text with their values. @throws EdenError as `bindTemplate` does */
export function bindOperations(
  templates: TemplatePort,
  { template, text }: WorkBinding,
  values: JsonObject,
): readonly BoundOperation[] {
  const bound = bindTemplate(templates, template, values);
  return text === 'template' ? bound.operations : bound.rollback;
}

export function bodyOf({ template, text }: WorkBinding): TemplateBody {
  if (text === 'template') return template.body;
  return template.settings.rollback ?? { operations: [] };
}

/** Endpoints whose databases the API changes. */
export function bindingEndpoints(api: WorkApi): readonly Endpoint[] {
  const ofSource = api.source === null ? [] : [api.source.endpoint];
  return [...api.bindings.map(({ endpoint }) => endpoint), ...ofSource];
}

export function distinctEndpoints(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return [...new Map(endpoints.map((endpoint) => [endpoint.uuid, endpoint])).values()];
}

function readerBindings({ api, membership }: Member): readonly Binding[] {
  return [...api.bindings, ...(membership.next?.bindings ?? []), ...(membership.previous?.bindings ?? [])];
}

/** Uuids of all templates that the members bind, in the migration, before it and after it. */
export function templatesOf(members: readonly Member[]): readonly Uuid[] {
  const bindings = members.flatMap((member) => [...member.membership.bindings, ...readerBindings(member)]);
  return unique(bindings.map(({ templateUuid }) => templateUuid));
}

function unique(uuids: readonly Uuid[]): readonly Uuid[] {
  return [...new Set(uuids)];
}

function found<T>(
  map: ReadonlyMap<Uuid, T>,
  uuid: Uuid,
  code: 'TEMPLATE_NOT_FOUND' | 'ENDPOINT_NOT_FOUND',
  noun: 'template' | 'endpoint',
): T {
  const value = map.get(uuid);
  if (value === undefined) {
    throw new EdenError(code, { [`${noun}_id`]: uuid, suggestion: `Verify ${noun} exists in your organization` });
  }
  return value;
}
