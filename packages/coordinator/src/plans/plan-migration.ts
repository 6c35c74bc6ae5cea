import type { JsonValue, Plan, PlannedApi, PlannedDatabase, Ref, Subject, Template, Uuid } from '@eden/domain';
import { EdenError, hasLevel, levelOn } from '@eden/domain';
import {
  composeWork,
  hashOfRequest,
  inspectTargets,
  planDatabases,
  planWork,
  surveyTargets,
  templatesOf,
  withClasses,
} from '@eden/work';
import type { Planner, WorkToPlan } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';
import { PlanEndpoints } from './given-endpoints.js';
import { boundTemplates, givenTemplates } from './given-templates.js';
import { membersOf, refsOf } from './members-of.js';
import type { PlanRequest } from './plan-request.js';
import { refuseRepeated } from './plan-request.js';
import type { GivenSource } from './sources-of.js';
import { sourcesOf } from './sources-of.js';

/** Databases and APIs that one plan looks at at once. */
const MAX_PARALLEL = 4;

/**
 * What a migration of these APIs and folders would do now. Nothing is stored, locked or changed anywhere. The same request
 * over the same databases has the same hash.
 * @throws EdenError VALIDATION_FAILED, INSUFFICIENT_PERMISSIONS, what it names and is not there, and what a sync finds;
 *         SERVICE_UNAVAILABLE when the client has left
 */
export async function planMigration(deps: CoordinatorDeps, subject: Subject, request: PlanRequest): Promise<Plan> {
  refuseRepeated(request);
  const endpoints = PlanEndpoints.of(deps, subject, request);
  try {
    return await planWith(deps, subject, await understand(deps, subject, request, endpoints));
  } catch (error) {
    throw request.signal.aborted
      ? new EdenError('SERVICE_UNAVAILABLE', { details: 'Nobody waits for the plan' })
      : error;
  } finally {
    await endpoints.forget();
  }
}

/** A request with all that it names. */
interface Understood {
  readonly request: PlanRequest;
  readonly work: WorkToPlan;
  readonly sources: readonly GivenSource[];
  readonly templates: ReadonlyMap<Ref, Template>;
}

async function understand(
  deps: CoordinatorDeps,
  subject: Subject,
  request: PlanRequest,
  endpoints: PlanEndpoints,
): Promise<Understood> {
  const given = await givenTemplates(deps, subject, request, endpoints);
  const templates = await boundTemplates(deps, subject, request.apis.flatMap(refsOf), given);
  const apis = await membersOf(deps, subject, request, templates);
  const sources = await sourcesOf(deps, request, endpoints, apis.length);
  const members = [...apis, ...sources.map(({ member }) => member)];
  const byUuid = await allTemplates(deps, subject, templatesOf(members), templates);
  const ofTemplates = [...byUuid.values()].map(({ endpointUuid }) => endpointUuid);
  const ofSources = sources.map(({ source }) => source.endpointUuid);
  const work = composeWork(request, members, {
    sources: sources.map(({ source }) => source),
    templates: byUuid,
    endpoints: await endpoints.byUuid([...ofTemplates, ...ofSources]),
  });
  return { request, work, sources, templates };
}

/** Those of the request, and those that the APIs bind as they are now. */
async function allTemplates(
  deps: CoordinatorDeps,
  { organizationUuid }: Subject,
  uuids: readonly Uuid[],
  named: ReadonlyMap<Ref, Template>,
): Promise<ReadonlyMap<Uuid, Template>> {
  const known = new Map([...named.values()].map((template) => [template.uuid, template]));
  const others = uuids.filter((uuid) => !known.has(uuid));
  return new Map([...(await deps.store.organization(organizationUuid).templatesByUuid(others)), ...known]);
}

async function planWith(deps: CoordinatorDeps, subject: Subject, understood: Understood): Promise<Plan> {
  const { work, sources, request } = understood;
  const planner = { ...plannerOf(deps, sources, request.signal), users: usersOf(deps, subject, understood) };
  const reports = await inspectTargets(planner, work);
  const targets = { reports, surveys: await surveyTargets(planner, work) };
  const databases = planDatabases(work, targets);
  const arranged = await planWork(planner, work, targets);
  return {
    hash: hashOf(understood, databases, arranged.apis),
    revision: 0,
    ...arranged,
    databases: withClasses(databases, arranged.apis, reports, new Map()),
    createdAt: deps.clock.now().toISOString(),
  };
}

/** That somebody uses what the plan drops or renames is told to everybody; who it is not to those whom a grant keeps from it. */
function usersOf(deps: CoordinatorDeps, subject: Subject, { templates }: Understood): Planner['users'] {
  const organization = deps.store.organization(subject.organizationUuid);
  return {
    apiTemplates: async (endpoints) =>
      (await organization.apiTemplates(endpoints)).map((used) =>
        hasLevel(levelOn(subject, used.apiUuid), 'Read') ? used : { ...used, apiId: 'an API that is kept from you' },
      ),
    templatesByUuid: (uuids) => allTemplates(deps, subject, uuids, templates),
  };
}

function plannerOf(deps: CoordinatorDeps, given: readonly GivenSource[], signal: AbortSignal): Omit<Planner, 'users'> {
  const { targets, templates, sources, settings: limits } = deps;
  const files = new Map(given.map((each) => [each.source.uuid, each.files]));
  return {
    ...{ targets, templates, sources, limits, signal },
    settings: { maxParallel: MAX_PARALLEL },
    folders: {
      files: ({ uuid }) => Promise.resolve(files.get(uuid) ?? []),
      seen: () => Promise.resolve(),
      committed: () => Promise.resolve({ plan: null, stepped: [] }),
    },
  };
}

function hashOf(
  { request, work, sources, templates }: Understood,
  databases: readonly PlannedDatabase[],
  apis: readonly PlannedApi[],
): string {
  const { parameters, options } = request;
  return hashOfRequest({
    ...{ parameters, options, databases },
    folders: sources.map(({ source, member }) => {
      const { id, tool, stage, digest } = source;
      const planned = apis.find(({ api }) => api === member.api.uuid);
      return { id, tool, stage, digest, options: source.options, fingerprint: planned?.source?.fingerprint ?? '' };
    }),
    apis: request.apis.map((api, index) => ({
      ...api,
      templates: refsOf(api).map((ref) => asSent(templates.get(ref))),
      endpoints: work.apis[index]?.bindings.map(({ endpoint }) => endpoint.id),
    })),
  });
}

/** A template without what was made up for the plan. */
function asSent(template: Template | undefined): JsonValue {
  if (template === undefined) return null;
  const { uuid, version, kind, body, settings } = template;
  return version > 0 ? [uuid, version] : (JSON.parse(JSON.stringify([kind, body, settings])) as JsonValue);
}
