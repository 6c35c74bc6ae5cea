import { mayAlter, mayDelete } from '@eden/coordinator';
import type { Api, Migration, MigrationState, Robot, Run, RunKind, Subject, User, Uuid, Webhook } from '@eden/domain';
import {
  awaitsApproval,
  hasLevel,
  isCancellable,
  isFinished,
  isPausable,
  isTunable,
  isUnsynced,
  levelOn,
  RUNNABLE_FROM,
} from '@eden/domain';
import { isOpen, PERMISSIONS, type SubjectPermission } from '../permissions.js';

/*
 * What a caller may do with a resource now, by names: their level or grant allows it (permissions.ts), and so does the state
 * of the resource. Whoever does not find an action here would be refused, but somebody else may be faster.
 */

export const MIGRATION_ACTIONS = [
  'update',
  'add_api',
  'put_source',
  'sync',
  'rehearse',
  'approve',
  'migrate',
  'rollback',
  'pause',
  'resume',
  'cancel',
  'resolve',
  'drift',
  'delete',
  'grant',
] as const;
export type MigrationAction = (typeof MIGRATION_ACTIONS)[number];

const MIGRATION = '/migrations/{migration}';
const OPERATIONS: Readonly<Record<MigrationAction, string>> = {
  update: `patch ${MIGRATION}`,
  add_api: `post ${MIGRATION}/add_api`,
  put_source: `put ${MIGRATION}/sources/{source}`,
  sync: `post ${MIGRATION}/sync`,
  rehearse: `post ${MIGRATION}/sync`,
  approve: `post ${MIGRATION}/approve`,
  migrate: `post ${MIGRATION}/migrate`,
  rollback: `post ${MIGRATION}/rollback`,
  pause: `post ${MIGRATION}/pause`,
  resume: `post ${MIGRATION}/resume`,
  cancel: `post ${MIGRATION}/cancel`,
  resolve: `post ${MIGRATION}/resolve`,
  drift: `get ${MIGRATION}/drift`,
  delete: `delete ${MIGRATION}`,
  grant: 'post /iam/rbac/migrations/{migration}/subjects',
};

/** Without what its plan alone can tell: a migrate may find that it is out of date, a rollback that a file has no way back. */
export function actionsOnMigration(subject: Subject, migration: Migration, latest: Run | null): MigrationAction[] {
  return MIGRATION_ACTIONS.filter(
    (action) => mayCall(subject, OPERATIONS[action], migration.uuid) && FITS[action](migration, latest, subject),
  );
}

export const RUN_ACTIONS = ['pause', 'resume', 'tune', 'cancel', 'resolve'] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

const RUN_OPERATIONS: Readonly<Record<RunAction, string>> = {
  pause: OPERATIONS.pause,
  resume: OPERATIONS.resume,
  tune: 'patch /runs/{run}',
  cancel: OPERATIONS.cancel,
  resolve: OPERATIONS.resolve,
};

/** By what the run itself tells: lists ask nothing more for each of theirs. */
export function actionsOnRun(subject: Subject, run: Run): RunAction[] {
  return RUN_ACTIONS.filter(
    (action) => mayCall(subject, RUN_OPERATIONS[action], run.migrationUuid) && RUN_FITS[action](run),
  );
}

const RUN_FITS: Readonly<Record<RunAction, (run: Run) => boolean>> = {
  // Not while a step without batches is under way, or a sync in front of it, which the run alone does not tell.
  pause: isPausable,
  resume: ({ state }) => state === 'paused',
  tune: isTunable,
  cancel: (run) => isCancellable(run) && run.cancelledBy === null,
  resolve: ({ state }) => state === 'in_doubt',
};

export const SOURCE_ACTIONS = ['put', 'delete'] as const;
export type SourceAction = (typeof SOURCE_ACTIONS)[number];

const SOURCE = `${MIGRATION}/sources/{source}`;

/** The same for all sources of a migration. */
export function actionsOnSource(subject: Subject, migration: Migration, latest: Run | null): SourceAction[] {
  const fits: Readonly<Record<SourceAction, Fits>> = { put: takesApis, delete: isStill };
  return SOURCE_ACTIONS.filter(
    (action) => mayCall(subject, `${action} ${SOURCE}`, migration.uuid) && fits[action](migration, latest, subject),
  );
}

type Fits = (migration: Migration, latest: Run | null, subject: Subject) => boolean;

/** No run is under way. */
const isStill: Fits = (_, latest) => latest === null || isFinished(latest.state);
const takesApis: Fits = (migration, latest, subject) =>
  migration.state !== 'Completed' && isStill(migration, latest, subject);

function startsFrom(kind: RunKind): Fits {
  const states: readonly MigrationState[] = RUNNABLE_FROM[kind];
  return (migration, latest, subject) => states.includes(migration.state) && isStill(migration, latest, subject);
}

const FITS: Readonly<Record<MigrationAction, Fits>> = {
  update: isStill,
  add_api: takesApis,
  put_source: takesApis,
  sync: startsFrom('sync'),
  rehearse: startsFrom('sync'),
  // Who has changed something of the plan is found out by trying.
  approve: (migration, latest, subject) =>
    awaitsApproval(migration) &&
    isStill(migration, latest, subject) &&
    !isUnsynced(latest) &&
    migration.createdBy !== subject.username,
  migrate: (migration, latest, subject) =>
    migration.planHash !== null &&
    !isUnsynced(latest) &&
    !awaitsApproval(migration) &&
    startsFrom('migrate')(migration, latest, subject),
  rollback: startsFrom('rollback'),
  pause: (_, latest) => latest !== null && RUN_FITS.pause(latest),
  resume: (_, latest) => latest !== null && RUN_FITS.resume(latest),
  cancel: (_, latest) => latest !== null && RUN_FITS.cancel(latest),
  resolve: (_, latest) => latest !== null && RUN_FITS.resolve(latest),
  drift: () => true,
  delete: isStill,
  grant: () => true,
};

export const ENDPOINT_ACTIONS = ['update', 'test', 'delete', 'grant'] as const;
export type EndpointAction = (typeof ENDPOINT_ACTIONS)[number];

/** `execute`: what only reads. `execute_writes`: what does not. */
export const TEMPLATE_ACTIONS = ['execute', 'execute_writes', 'update', 'delete', 'grant'] as const;
export type TemplateAction = (typeof TEMPLATE_ACTIONS)[number];

export function actionsOnEndpoint(subject: Subject, resource: Uuid): EndpointAction[] {
  const operations: Readonly<Record<EndpointAction, string>> = {
    update: 'patch /endpoints/{endpoint}',
    test: 'post /endpoints/{endpoint}/test',
    delete: 'delete /endpoints/{endpoint}',
    grant: 'post /iam/rbac/endpoints/{endpoint}/subjects',
  };
  return ENDPOINT_ACTIONS.filter((action) => mayCall(subject, operations[action], resource));
}

export function actionsOnTemplate(subject: Subject, resource: Uuid): TemplateAction[] {
  return actionsOnDefinition(subject, resource, 'templates/{template}');
}

/** That of a source comes and goes with it. */
export function actionsOnApi(subject: Subject, { uuid, managed }: Pick<Api, 'uuid' | 'managed'>): TemplateAction[] {
  return actionsOnDefinition(subject, uuid, 'apis/{api}').filter((action) => !managed || action === 'grant');
}

function actionsOnDefinition(subject: Subject, resource: Uuid, path: string): TemplateAction[] {
  const operations: Readonly<Record<TemplateAction, string>> = {
    execute: `post /${path}`,
    execute_writes: `post /${path}`,
    update: `patch /${path}`,
    delete: `delete /${path}`,
    grant: `post /iam/rbac/${path}/subjects`,
  };
  const mayWrite = hasLevel(levelOn(subject, resource), 'Write');
  return TEMPLATE_ACTIONS.filter(
    (action) => mayCall(subject, operations[action], resource) && (mayWrite || action !== 'execute_writes'),
  );
}

export const USER_ACTIONS = ['update', 'delete'] as const;
export type UserAction = (typeof USER_ACTIONS)[number];

/** Without what grants and the last SuperAdmin forbid, which is found by trying. */
export function actionsOnUser(subject: Subject, user: User): UserAction[] {
  const operations: Readonly<Record<UserAction, string>> = {
    update: 'patch /iam/users/{user}',
    delete: 'delete /iam/users/{user}',
  };
  const fits: Readonly<Record<UserAction, typeof mayAlter>> = { update: mayAlter, delete: mayDelete };
  return USER_ACTIONS.filter(
    (action) => mayCall(subject, operations[action], user.uuid) && fits[action](subject, user),
  );
}

export const ROBOT_ACTIONS = ['rotate_key', 'delete'] as const;
export type RobotAction = (typeof ROBOT_ACTIONS)[number];

/** Without what grants forbid, which is found by trying. */
export function actionsOnRobot(subject: Subject, robot: Robot): RobotAction[] {
  const operations: Readonly<Record<RobotAction, string>> = {
    rotate_key: 'post /iam/robots/{robot}/rotate-key',
    delete: 'delete /iam/robots/{robot}',
  };
  return ROBOT_ACTIONS.filter(
    (action) => mayCall(subject, operations[action], robot.uuid) && mayDelete(subject, robot),
  );
}

export const WEBHOOK_ACTIONS = ['test', 'delete'] as const;
export type WebhookAction = (typeof WEBHOOK_ACTIONS)[number];

/** Whoever sees one is kept from nothing (`everything` of permissions.ts). */
export function actionsOnWebhook(subject: Subject, { uuid }: Webhook): WebhookAction[] {
  const operations: Readonly<Record<WebhookAction, string>> = {
    test: 'post /iam/webhooks/{webhook}/test',
    delete: 'delete /iam/webhooks/{webhook}',
  };
  return WEBHOOK_ACTIONS.filter((action) => mayCall(subject, operations[action], uuid));
}

/** Whether the caller's level on the resource, and the scopes of their key, are enough. */
function mayCall(subject: Subject, operation: string, resource: Uuid): boolean {
  const { level, scopes, keepsSuperAdmins } = rowOf(operation);
  const hasScope = subject.scopes === null || scopes.some((scope) => subject.scopes?.includes(scope));
  const isKept = keepsSuperAdmins === true && subject.level === 'SuperAdmin';
  return hasScope && (isKept || hasLevel(levelOn(subject, resource), level));
}

function rowOf(operation: string): SubjectPermission {
  const row = PERMISSIONS[operation];
  if (row === undefined || isOpen(row)) throw new TypeError(`${operation} has no level`);
  return row;
}
