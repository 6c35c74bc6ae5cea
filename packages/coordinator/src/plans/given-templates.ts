import type { Issue, Ref, Subject, Template } from '@eden/domain';
import { asUuid, EdenError, isEdenError, requireLevel, requireLevelOn } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { checkTemplate } from '../templates/check-template.js';
import type { CreateTemplate } from '../templates/create-template.js';
import { requiredLevelOf } from '../templates/required-level.js';
import type { PlanEndpoints } from './given-endpoints.js';
import type { PlanRequest } from './plan-request.js';

/** The templates that the plan brings along, by their ids; whoever sends them could create them. */
export async function givenTemplates(
  deps: CoordinatorDeps,
  subject: Subject,
  { templates }: PlanRequest,
  endpoints: PlanEndpoints,
): Promise<ReadonlyMap<string, Template>> {
  const made = new Map<string, Template>();
  for (const [index, template] of templates.entries()) {
    made.set(
      template.id,
      await givenTemplate(deps, subject, template, endpoints).catch((error: unknown) => {
        throw within(`templates[${index}]`, error);
      }),
    );
  }
  return made;
}

async function givenTemplate(
  deps: CoordinatorDeps,
  subject: Subject,
  { endpoint: ref, ...template }: CreateTemplate,
  endpoints: PlanEndpoints,
): Promise<Template> {
  const endpoint = await endpoints.named(ref, 'Admin');
  const definition = { ...template, endpointKind: template.endpointKind ?? endpoint.kind };
  const { usesRaw } = await checkTemplate(deps, definition, endpoint);
  if (usesRaw) requireLevel(subject, 'Admin');
  const now = deps.clock.now();
  const uuid = asUuid(deps.chance.uuid());
  return { ...definition, uuid, endpointUuid: endpoint.uuid, version: 0, createdAt: now, updatedAt: now };
}

/** Paths of issues are those of the whole request. */
function within(root: string, error: unknown): unknown {
  if (!isEdenError(error, 'VALIDATION_FAILED')) return error;
  const issues = (error.context['issues'] ?? []) as readonly Issue[];
  const located = issues.map((issue) => ({ ...issue, path: `${root}.${issue.path}` }));
  return new EdenError(error.code, { ...error.context, issues: located }, { cause: error });
}

/**
 * The templates that bindings name, by that name: of those that are stored the plan shows the text and asks the target about
 * it, as running them does.
 * @throws EdenError TEMPLATE_NOT_FOUND (guide), INSUFFICIENT_PERMISSIONS
 */
export async function boundTemplates(
  deps: CoordinatorDeps,
  subject: Subject,
  refs: readonly Ref[],
  given: ReadonlyMap<string, Template>,
): Promise<ReadonlyMap<Ref, Template>> {
  const organization = deps.store.organization(subject.organizationUuid);
  const others = [...new Set(refs)].filter((ref) => !given.has(ref));
  const uuids = await organization.templateUuids(others);
  const stored = await organization.templatesByUuid(uuids);
  const named = others.flatMap((ref, index) => {
    const uuid = uuids[index];
    const template = uuid === undefined ? undefined : stored.get(uuid);
    return template === undefined ? [] : [[ref, template] as const];
  });
  for (const [, template] of named) requireLevelOn(subject, template.uuid, requiredLevelOf(deps.templates, [template]));
  return new Map([...named, ...given]);
}
