import type { Operation } from '../http/operation.js';
import { addApiToMigration } from './add-api-to-migration.js';
import { cancelMigration } from './cancel-migration.js';
import { createApi } from './create-api.js';
import { createEndpoint } from './create-endpoint.js';
import { createMigration } from './create-migration.js';
import { createOrganization } from './create-organization.js';
import { createPlan } from './create-plan.js';
import { createTemplate } from './create-template.js';
import { createUser } from './create-user.js';
import { deleteApi } from './delete-api.js';
import { deleteEndpoint } from './delete-endpoint.js';
import { deleteMigration } from './delete-migration.js';
import { deleteSource } from './delete-source.js';
import { deleteTemplate } from './delete-template.js';
import { deleteUser } from './delete-user.js';
import { executeApi } from './execute-api.js';
import { executeMigration } from './execute-migration.js';
import { executeTemplate } from './execute-template.js';
import { getApi } from './get-api.js';
import { getEndpoint } from './get-endpoint.js';
import { getMigrationLock } from './get-migration-lock.js';
import { getMigrationPlan } from './get-migration-plan.js';
import { getMigration } from './get-migration.js';
import { getRun } from './get-run.js';
import { getSource } from './get-source.js';
import { getSourceFile } from './get-source-file.js';
import { getTemplate } from './get-template.js';
import { getUser } from './get-user.js';
import { listApis } from './list-apis.js';
import { listEndpoints } from './list-endpoints.js';
import { listMigrationRuns } from './list-migration-runs.js';
import { listMigrations } from './list-migrations.js';
import { listRunEvents } from './list-run-events.js';
import { listSources } from './list-sources.js';
import { listTemplates } from './list-templates.js';
import { listUsers } from './list-users.js';
import { logIn } from './log-in.js';
import { logOut } from './log-out.js';
import { putSource } from './put-source.js';
import { refreshToken } from './refresh-token.js';
import { removeApiFromMigration } from './remove-api-from-migration.js';
import { renderTemplate } from './render-template.js';
import { resolveMigration } from './resolve-migration.js';
import { rollbackMigration } from './rollback-migration.js';
import { syncMigration } from './sync-migration.js';
import { testEndpoint } from './test-endpoint.js';
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
  createUser,
  listUsers,
  getUser,
  updateUser,
  deleteUser,
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
  cancelMigration,
  resolveMigration,
  getMigrationPlan,
  getMigrationLock,
  listMigrationRuns,
  getRun,
  listRunEvents,
];
