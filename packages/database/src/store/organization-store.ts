import type { OrganizationReader, OrganizationStore, OrganizationTransactor, Uuid } from '@eden/domain';
import { appendAudit } from '../audit/audit-log.js';
import { transaction, type Client } from '../client.js';
import type { ConfigCipher } from '../encryption.js';
import { scopeToOrganization, type Scope } from '../scope.js';
import { apiReads, apiWrites, touchApi } from './apis.js';
import { runCancellation } from './cancellation.js';
import { runPacing } from './pacing.js';
import { runResolution } from './resolution.js';
import { grantReads, grantWrites } from './grants.js';
import { endpointReads, endpointWrites } from './endpoints.js';
import { hookReads, hookWrites } from './hooks.js';
import { membershipWrites } from './memberships.js';
import { migrationReads, migrationWrites } from './migrations.js';
import { schemaReads } from './schemas.js';
import { sourceReads, sourceWrites } from './sources.js';
import { robotReads, robotWrites } from './robots.js';
import { revocationReads, revocationWrites } from './revocations.js';
import { runListReads } from './run-lists.js';
import { runReads, runWrites } from './runs.js';
import { templateReads, templateWrites } from './templates.js';
import { userReads, userWrites } from './users.js';
import { webhookReads, webhookWrites } from './webhooks.js';

/** Reads, and transactions, of one organization. */
export function createOrganizationStore(
  client: Client,
  cipher: ConfigCipher,
  organizationUuid: Uuid,
): OrganizationStore {
  const db = scopeToOrganization(client, organizationUuid);
  const scope = { db, cipher, organizationUuid };
  return {
    ...organizationReader(scope),
    touchApi: (uuid) => touchApi(scope, uuid),
    transact: (work, bytes) =>
      transaction(db, (tx) => work(organizationTransactor({ db: tx, cipher, organizationUuid })), bytes),
  };
}

function organizationReader(scope: Scope): OrganizationReader {
  return {
    ...endpointReads(scope),
    ...templateReads(scope),
    ...apiReads(scope),
    ...migrationReads(scope),
    ...sourceReads(scope),
    ...schemaReads(scope),
    ...runReads(scope),
    ...runListReads(scope),
    ...userReads(scope),
    ...hookReads(scope),
    ...webhookReads(scope),
    ...robotReads(scope),
    ...grantReads(scope),
    ...revocationReads(scope),
  };
}

function organizationTransactor(scope: Scope): OrganizationTransactor {
  return {
    ...organizationReader(scope),
    ...endpointWrites(scope),
    ...templateWrites(scope),
    ...apiWrites(scope),
    ...migrationWrites(scope),
    ...membershipWrites(scope),
    ...sourceWrites(scope),
    ...runWrites(scope),
    ...runCancellation(scope),
    ...runPacing(scope),
    ...runResolution(scope),
    ...userWrites(scope),
    ...hookWrites(scope),
    ...webhookWrites(scope),
    ...robotWrites(scope),
    ...grantWrites(scope),
    ...revocationWrites(scope),
    audit: (entry) => appendAudit(scope.db, scope.organizationUuid, entry),
  };
}
