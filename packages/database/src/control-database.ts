import type {
  AuditChains,
  ControlServer,
  ControlStore,
  OrganizationStore,
  OutboxStore,
  RetentionStore,
  RunJournal,
  Uuid,
  WebhookOutbox,
} from '@eden/domain';
import { createAuditLog } from './audit/audit-log.js';
import { createAuditChains } from './audit/chains.js';
import { Authentications } from './authentications.js';
import { createClient, type Client } from './client.js';
import { directHosts, workHosts, type ControlAddress } from './control-address.js';
import { createControlServer } from './control-server.js';
import { createConfigCipher, type ConfigCipher } from './encryption.js';
import { followRun } from './follow-run.js';
import { GateWatch } from './gate-watch.js';
import { GrantCache } from './grant-cache.js';
import { createIdempotencyStore } from './idempotency.js';
import { createIdentityStore } from './identity.js';
import { createRunJournal } from './journal/run-journal.js';
import { createNotifications, type Notifications } from './listen.js';
import { createOutbox } from './outbox.js';
import { createInstallation, type Installation } from './places/installation.js';
import { placesOf } from './places/place.js';
import { OrganizationWatch } from './organization-watch.js';
import { createPool } from './pool.js';
import { ProvidedSubjects } from './provided-subjects.js';
import { createRetention } from './retention.js';
import { checkSchema } from './schema-state.js';
import { checkSettings } from './settings-state.js';
import { findHook } from './store/hooks.js';
import { createOrganizationStore } from './store/organization-store.js';
import { waitForRun } from './wait-for-run.js';
import { createWebhookOutbox } from './webhook-outbox.js';

const POOL_SIZE = 4;

export interface ControlDatabaseOptions extends ControlAddress {
  /** Keys of 32 bytes for the endpoints' configs: the first encrypts, all decrypt. */
  readonly encryptionKeys: readonly Buffer[];
  /** EDEN_INSTALLATION */
  readonly installationName?: string | undefined;
  /** Most connections of this process, beside the one that listens. */
  readonly poolSize?: number;
}

/** The control database behind the ports of the domain. */
export interface ControlDatabase {
  readonly store: ControlStore;
  readonly journal: RunJournal;
  readonly outbox: OutboxStore;
  readonly webhooks: WebhookOutbox;
  readonly retention: RetentionStore;
  readonly auditChains: AuditChains;
  readonly server: ControlServer;
  close(): Promise<void>;
}

/**
 * Connects lazily: this works, and goes on working, while the database is away. Every call then ends within two
 * seconds with SERVICE_UNAVAILABLE, and the next one tries again.
 * @throws TypeError when a key is not of 32 bytes
 */
export function createControlDatabase(options: ControlDatabaseOptions): ControlDatabase {
  const { url, encryptionKeys, installationName, poolSize = POOL_SIZE } = options;
  const hosts = workHosts(options);
  const pool = createPool(hosts, poolSize);
  const client = createClient(pool);
  const notifications = createNotifications(directHosts(options, hosts));
  const grants = new GrantCache(pool);
  const installation = createInstallation(client, placesOf(url, installationName));
  const cipher = createConfigCipher(encryptionKeys);
  const organization = (uuid: Uuid): OrganizationStore => createOrganizationStore(client, cipher, uuid);
  return {
    store: createStore({
      client,
      cipher,
      authentications: new Authentications(pool, grants),
      provided: new ProvidedSubjects(pool, grants),
      notifications,
      organization,
      installation,
    }),
    journal: createRunJournal({ client, pool, notifications, installation, reader: organization }),
    outbox: createOutbox(client, notifications),
    webhooks: createWebhookOutbox(client, cipher, notifications),
    retention: createRetention(client),
    auditChains: createAuditChains(client),
    server: createControlServer(pool),
    close: async () => {
      await notifications.close();
      await client.$disconnect();
      // Prisma ends the pool only when it has used it.
      if (!pool.ended) await pool.end();
    },
  };
}

interface StoreParts {
  readonly client: Client;
  readonly cipher: ConfigCipher;
  readonly authentications: Authentications;
  readonly provided: ProvidedSubjects;
  readonly notifications: Notifications;
  organization(uuid: Uuid): OrganizationStore;
  readonly installation: Installation;
}

function createStore(parts: StoreParts): ControlStore {
  const { client, cipher, authentications, provided, notifications, organization, installation } = parts;
  const gates = new GateWatch(client, notifications);
  const organizations = new OrganizationWatch(client, notifications);
  return {
    findHook: (uuid) => findHook(client, cipher, uuid),
    waitAtGate: (question) => gates.wait(question),
    identity: createIdentityStore(client, authentications, provided),
    idempotency: createIdempotencyStore(client),
    organization,
    audit: (organizationUuid) => createAuditLog(client, organizationUuid),
    followRun: (organizationUuid, follow) => followRun(organization(organizationUuid), notifications, follow),
    followOrganization: (organizationUuid, follow) => organizations.follow(organizationUuid, follow),
    waitForRun: (organizationUuid, runUuid, timeoutMs, signal) =>
      waitForRun(organization(organizationUuid), notifications, { runUuid, timeoutMs, signal }),
    check: async () => {
      await client.$queryRaw`SELECT 1`;
    },
    checkSchema: async () => {
      await checkSettings(client);
      await checkSchema(client);
    },
    checkPlace: async () => {
      await installation.id();
    },
  };
}
