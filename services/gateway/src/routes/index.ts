import type { Operation } from '../http/operation.js';
import { addApiToMigration } from './add-api-to-migration.js';
import { approveMigration } from './approve-migration.js';
import { callHook } from './call-hook.js';
import { cancelMigration } from './cancel-migration.js';
import { closeSession } from './close-session.js';
import { createApi } from './create-api.js';
import { createEndpoint } from './create-endpoint.js';
import { createHook } from './create-hook.js';
import { createMigration } from './create-migration.js';
import { createOrganization } from './create-organization.js';
import { createPlan } from './create-plan.js';
import { createRevocation } from './create-revocation.js';
import { createRobot } from './create-robot.js';
import { createTemplate } from './create-template.js';
import { createUser } from './create-user.js';
import { createWebhook } from './create-webhook.js';
import { deleteApi } from './delete-api.js';
import { deleteEndpoint } from './delete-endpoint.js';
import { deleteHook } from './delete-hook.js';
import { deleteMigration } from './delete-migration.js';
import { deleteRevocation } from './delete-revocation.js';
import { deleteRobot } from './delete-robot.js';
import { deleteSource } from './delete-source.js';
import { deleteTemplate } from './delete-template.js';
import { deleteUser } from './delete-user.js';
import { deleteWebhook } from './delete-webhook.js';
import { executeApi } from './execute-api.js';
import { executeMigration } from './execute-migration.js';
import { executeTemplate } from './execute-template.js';
import { finishOidcLogin } from './finish-oidc-login.js';
import { getApi } from './get-api.js';
import { getCaller } from './get-caller.js';
import { getEndpoint } from './get-endpoint.js';
import { getHook } from './get-hook.js';
import { getMigration } from './get-migration.js';
import { getMigrationDrift } from './get-migration-drift.js';
import { getMigrationGate } from './get-migration-gate.js';
import { getMigrationLock } from './get-migration-lock.js';
import { getMigrationPlan } from './get-migration-plan.js';
import { getRobot } from './get-robot.js';
import { getRun } from './get-run.js';
import { getSource } from './get-source.js';
import { getSourceFile } from './get-source-file.js';
import { getTemplate } from './get-template.js';
import { getUser } from './get-user.js';
import { getWebhook } from './get-webhook.js';
import { GRANT_OPERATIONS } from './grants.js';
import { listAudit } from './list-audit.js';
import { listApis } from './list-apis.js';
import { listEndpoints } from './list-endpoints.js';
import { listLoginProviders } from './list-login-providers.js';
import { listEvents } from './list-events.js';
import { listHooks } from './list-hooks.js';
import { listLocks } from './list-locks.js';
import { listMigrationRuns } from './list-migration-runs.js';
import { listMigrations } from './list-migrations.js';
import { listRevocations } from './list-revocations.js';
import { listRobots } from './list-robots.js';
import { listRunEvents } from './list-run-events.js';
import { listRuns } from './list-runs.js';
import { listSources } from './list-sources.js';
import { listTemplates } from './list-templates.js';
import { listUsers } from './list-users.js';
import { listWebhookDeliveries } from './list-webhook-deliveries.js';
import { listWebhooks } from './list-webhooks.js';
import { logIn } from './log-in.js';
import { logOut } from './log-out.js';
import { openSession } from './open-session.js';
import { putSource } from './put-source.js';
import { refreshSession } from './refresh-session.js';
import { redeliver } from './redeliver.js';
import { refreshToken } from './refresh-token.js';
import { removeApiFromMigration } from './remove-api-from-migration.js';
import { lintTemplate } from './lint-template.js';
import { pauseMigration } from './pause-migration.js';
import { renderTemplate } from './render-template.js';
import { renderUnsavedTemplate } from './render-unsaved-template.js';
import { resolveMigration } from './resolve-migration.js';
import { resumeMigration } from './resume-migration.js';
import { rotateRobotKey } from './rotate-robot-key.js';
import { rollbackMigration } from './rollback-migration.js';
import { startOidcLogin } from './start-oidc-login.js';
import { rotateHook } from './rotate-hook.js';
import { syncMigration } from './sync-migration.js';
import { testEndpoint } from './test-endpoint.js';
import { verifyAudit } from './verify-audit.js';
import { testWebhook } from './test-webhook.js';
import { tuneRun } from './tune-run.js';
import { updateApi } from './update-api.js';
import { updateEndpoint } from './update-endpoint.js';
import { updateMigration } from './update-migration.js';
import { updateTemplate } from './update-template.js';
import { updateUser } from './update-user.js';

/** Every operation below /api/v1, in the order of the docs. */
export const OPERATIONS: readonly Operation[] = [
  createOrganization,
  logIn,
  refreshToken,
  logOut,
  getCaller,
  openSession,
  refreshSession,
  closeSession,
  listLoginProviders,
  startOidcLogin,
  finishOidcLogin,
  createUser,
  listUsers,
  getUser,
  updateUser,
  deleteUser,
  createRobot,
  listRobots,
  getRobot,
  rotateRobotKey,
  deleteRobot,
  ...GRANT_OPERATIONS,
  createRevocation,
  listRevocations,
  deleteRevocation,
  createEndpoint,
  listEndpoints,
  getEndpoint,
  updateEndpoint,
  deleteEndpoint,
  testEndpoint,
  createTemplate,
  listTemplates,
  getTemplate,
  updateTemplate,
  deleteTemplate,
  executeTemplate,
  renderTemplate,
  renderUnsavedTemplate,
  lintTemplate,
  createApi,
  listApis,
  getApi,
  updateApi,
  deleteApi,
  executeApi,
  createMigration,
  listMigrations,
  getMigration,
  updateMigration,
  deleteMigration,
  addApiToMigration,
  removeApiFromMigration,
  putSource,
  listSources,
  getSource,
  getSourceFile,
  deleteSource,
  createPlan,
  syncMigration,
  executeMigration,
  rollbackMigration,
  approveMigration,
  cancelMigration,
  pauseMigration,
  resumeMigration,
  resolveMigration,
  getMigrationPlan,
  getMigrationLock,
  getMigrationDrift,
  getMigrationGate,
  listLocks,
  listMigrationRuns,
  listRuns,
  listEvents,
  getRun,
  tuneRun,
  listRunEvents,
  listAudit,
  verifyAudit,
  createHook,
  listHooks,
  getHook,
  rotateHook,
  deleteHook,
  callHook,
  createWebhook,
  listWebhooks,
  getWebhook,
  deleteWebhook,
  testWebhook,
  listWebhookDeliveries,
  redeliver,
];
