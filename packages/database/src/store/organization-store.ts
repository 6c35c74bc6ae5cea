import type { AuditEntry, OrganizationReader, OrganizationStore, OrganizationTransactor, Uuid } from '@eden/domain';
import { transaction, type Client } from '../client.js';
import type { ConfigCipher } from '../encryption.js';
import { toJson } from '../json.js';
import { scopeToOrganization, type Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { apiReads, apiWrites } from './apis.js';
import { runCancellation } from './cancellation.js';
import { runResolution } from './resolution.js';
import { endpointReads, endpointWrites } from './endpoints.js';
import { membershipWrites } from './memberships.js';
import { migrationReads, migrationWrites } from './migrations.js';
import { sourceReads, sourceWrites } from './sources.js';
import { runReads, runWrites } from './runs.js';
import { templateReads, templateWrites } from './templates.js';
import { userReads, userWrites } from './users.js';

/** Reads, and transactions, of one organization. */
export function createOrganizationStore(
  client: Client,
  cipher: ConfigCipher,
  organizationUuid: Uuid,
): OrganizationStore {
  const db = scopeToOrganization(client, organizationUuid);
  return {
    ...organizationReader({ db, cipher, organizationUuid }),
    transact: (work) => transaction(db, (tx) => work(organizationTransactor({ db: tx, cipher, organizationUuid }))),
  };
}

function organizationReader(scope: Scope): OrganizationReader {
  return {
    ...endpointReads(scope),
    ...templateReads(scope),
    ...apiReads(scope),
    ...migrationReads(scope),
    ...sourceReads(scope),
    ...runReads(scope),
    ...userReads(scope),
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
    ...runResolution(scope),
    ...userWrites(scope),
    audit: (entry) => audit(scope, entry),
  };
}

async function audit({ db, organizationUuid }: Scope, { actor, action, subject, data }: AuditEntry): Promise<void> {
  await db.auditEntry.create({
    data: { uuid: newUuid(), organizationUuid, actor, action, subject, data: toJson(data) },
  });
}
