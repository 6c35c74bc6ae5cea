import type { OrganizationReader, OrganizationTransactor } from '@eden/domain';

/* What the workload never asks of the control database. */

export function notSimulated(): never {
  throw new TypeError('the simulation has no such question');
}

export const NEVER_READ = {
  migrationCounts: notSimulated,
  allRuns: notSimulated,
  openRuns: notSimulated,
  runProgress: notSimulated,
  runHistory: notSimulated,
  sourceFileList: notSimulated,
  sourceFile: notSimulated,
  endpoints: notSimulated,
  templates: notSimulated,
  templateUsers: notSimulated,
  apis: notSimulated,
  migrations: notSimulated,
  runs: notSimulated,
  latestRuns: notSimulated,
  runEvents: notSimulated,
  user: notSimulated,
  users: notSimulated,
  hook: notSimulated,
  hooks: notSimulated,
  webhook: notSimulated,
  webhooks: notSimulated,
  webhookDeliveries: notSimulated,
  lastChanges: notSimulated,
  keptSubjects: notSimulated,
  schemas: notSimulated,
  robot: notSimulated,
  robots: notSimulated,
  member: notSimulated,
  resource: notSimulated,
  grantsOn: notSimulated,
  grantsOf: notSimulated,
  revocations: notSimulated,
} satisfies Partial<OrganizationReader>;

export const NEVER_CHANGED = {
  deleteSource: notSimulated,
  insertUser: notSimulated,
  updateUser: notSimulated,
  deleteUser: notSimulated,
  insertHook: notSimulated,
  rotateHook: notSimulated,
  deleteHook: notSimulated,
  beginHookCall: notSimulated,
  answerHookCall: notSimulated,
  approvePlan: notSimulated,
  insertWebhook: notSimulated,
  deleteWebhook: notSimulated,
  insertWebhookTest: notSimulated,
  redeliver: notSimulated,
  insertRobot: notSimulated,
  replaceKey: notSimulated,
  deleteRobot: notSimulated,
  grantees: notSimulated,
  putGrants: notSimulated,
  copyGrants: notSimulated,
  deleteGrant: notSimulated,
  revokeSubject: notSimulated,
  deleteRevocation: notSimulated,
} satisfies Partial<OrganizationTransactor>;
