import type { Resource, Subject, Uuid } from '@eden/domain';
import { EdenError, ID_PATTERN, asUuid, isUuid, requireLevel, requireLevelOn, requireScope } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import type { SubjectPermission } from '../permissions.js';

/** The values that a request has given to the parameters of its path. */
export type PathValues = Readonly<Record<string, string | string[]>>;

/**
 * Holds a request to its row of the permission table. Answers the path with the uuid of the resource whose grant was
 * asked for in place of its id, so that what is done afterwards is done to that very one.
 * @throws EdenError INSUFFICIENT_PERMISSIONS, or …_NOT_FOUND of that resource
 */
export async function authorize(
  deps: GatewayDeps,
  subject: Subject,
  permission: SubjectPermission,
  path: PathValues,
): Promise<PathValues> {
  requireScope(subject, permission);
  if (permission.byDefinition === true) return path;
  if (permission.keepsSuperAdmins === true && subject.level === 'SuperAdmin') return path;
  if (permission.grant === 'everything') assertKeptFromNothing(subject, permission);
  const granted = subject.grants.size === 0 ? null : await grantedIn(deps, subject, permission, path);
  if (granted === null) requireLevel(subject, permission.level);
  else requireLevelOn(subject, granted.uuid, permission.level);
  return granted === null ? path : { ...path, ...granted.path };
}

/** A grant takes nothing from a SuperAdmin, who may give it back. @throws EdenError INSUFFICIENT_PERMISSIONS */
function assertKeptFromNothing({ level, grants }: Subject, permission: SubjectPermission): void {
  if (level === 'SuperAdmin' || ![...grants.values()].includes('None')) return;
  throw new EdenError('INSUFFICIENT_PERMISSIONS', {
    required_level: permission.level,
    user_level: level,
    details: 'This tells of everything in the organization, and a grant keeps some of it from you',
  });
}

interface Granted {
  readonly uuid: Uuid;
  readonly path: PathValues;
}

/** The resource of the path whose grant counts; null where none does. */
async function grantedIn(
  { store }: GatewayDeps,
  { organizationUuid }: Subject,
  { grant }: SubjectPermission,
  path: PathValues,
): Promise<Granted | null> {
  if (grant === 'none' || grant === 'listed' || grant === 'everything') return null;
  const organization = store.organization(organizationUuid);
  const ref = path[grant];
  if (typeof ref !== 'string') throw new TypeError(`the path has no ${grant}`);
  // What cannot be a name is told by the validation of the path, and never looked up.
  if (!ID_PATTERN.test(ref)) return null;
  if (grant === 'run') {
    return isUuid(ref) ? { uuid: (await organization.run(asUuid(ref))).migrationUuid, path: {} } : null;
  }
  const { uuid }: Resource = await organization.resource(grant, ref);
  return { uuid, path: { [grant]: uuid } };
}
