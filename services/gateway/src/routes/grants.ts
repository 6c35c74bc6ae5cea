import type { ResourceRef } from '@eden/coordinator';
import { deleteGrant, putGrants } from '@eden/coordinator';
import type { Ref, ResourceKind, Subject } from '@eden/domain';
import { EdenError } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import { data, done, doneWith } from '../http/answer.js';
import type { Operation } from '../http/operation.js';
import { operation } from '../http/operation.js';
import { dataSchema, messageSchema, messageWithDataSchema } from '../schemas/envelope.js';
import { grantsSchema, newGrantsSchema, subjectGrantSchema } from '../schemas/identity.js';
import { viewGrant, viewGrants } from '../views/grant.js';

/** One kind of resource, as its routes need it. */
interface Target {
  readonly kind: ResourceKind;
  /** With its article. */
  readonly noun: string;
  readonly collection: string;
}

const TARGETS: readonly Target[] = [
  { kind: 'endpoint', noun: 'an endpoint', collection: 'endpoints' },
  { kind: 'template', noun: 'a template', collection: 'templates' },
  { kind: 'api', noun: 'an API', collection: 'apis' },
  { kind: 'migration', noun: 'a migration', collection: 'migrations' },
];

/** Validated by its names, which the compiler does not see through the kind. */
type PathOfTarget = Readonly<Record<string, unknown>>;

function subjectsOf({ kind, collection }: Target): string {
  return `/iam/rbac/${collection}/{${kind}}/subjects`;
}

function resourceOf({ kind }: Target, path: PathOfTarget): ResourceRef {
  return { kind, ref: path[kind] as Ref };
}

function memberOf(path: PathOfTarget): Ref {
  return path['subject'] as Ref;
}

function putOperation(target: Target): Operation {
  return operation({
    method: 'post',
    path: subjectsOf(target),
    tag: 'Identity',
    summary: `Give levels on ${target.noun} in place of those in the organization; nobody gives more than they have`,
    body: newGrantsSchema,
    result: messageWithDataSchema(grantsSchema),
    errors: ['USER_NOT_FOUND', 'GRANTS_EXCEEDED'],
    handler: async ({ subject, path, body, deps }) =>
      doneWith(viewGrants(await putGrants(deps, subject, resourceOf(target, path), body.subjects))),
  });
}

function listOperation(target: Target): Operation {
  return operation({
    method: 'get',
    path: subjectsOf(target),
    tag: 'Identity',
    summary: `List the grants on ${target.noun}`,
    result: dataSchema(grantsSchema),
    handler: async ({ subject, path, deps }) =>
      data(viewGrants(await grantsOn(deps, subject, resourceOf(target, path)))),
  });
}

function getOperation(target: Target): Operation {
  return operation({
    method: 'get',
    path: `${subjectsOf(target)}/{subject}`,
    tag: 'Identity',
    summary: `Show the grant of a subject on ${target.noun}`,
    result: dataSchema(subjectGrantSchema),
    errors: ['GRANT_NOT_FOUND'],
    handler: async ({ subject, path, deps }) => {
      const grants = await grantsOn(deps, subject, resourceOf(target, path));
      const { uuid } = await deps.store.organization(subject.organizationUuid).member(memberOf(path));
      const found = grants.find(({ user }) => user.uuid === uuid);
      if (found === undefined) throw new EdenError('GRANT_NOT_FOUND', { subject: memberOf(path) });
      return data(viewGrant(found));
    },
  });
}

function deleteOperation(target: Target): Operation {
  return operation({
    method: 'delete',
    path: `${subjectsOf(target)}/{subject}`,
    tag: 'Identity',
    summary: `Take the grant of a subject on ${target.noun} away: the level in the organization holds again`,
    result: messageSchema,
    errors: ['GRANT_NOT_FOUND'],
    handler: async ({ subject, path, deps }) => {
      await deleteGrant(deps, subject, resourceOf(target, path), memberOf(path));
      return done();
    },
  });
}

async function grantsOn({ store }: GatewayDeps, { organizationUuid }: Subject, { kind, ref }: ResourceRef) {
  const organization = store.organization(organizationUuid);
  const { uuid } = await organization.resource(kind, ref);
  return organization.grantsOn(uuid);
}

/** /iam/rbac, the same four for each kind of resource. */
export const GRANT_OPERATIONS: readonly Operation[] = TARGETS.flatMap((target) => [
  putOperation(target),
  listOperation(target),
  getOperation(target),
  deleteOperation(target),
]);
