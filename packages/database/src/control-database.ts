import type {
  ControlServer,
  ControlStore,
  OrganizationStore,
  OutboxStore,
  RetentionStore,
  RunJournal,
  Uuid,
} from '@eden/domain';
import { Authentications } from './authentications.js';
import { createClient, type Client } from './client.js';
import { ControlHosts } from './control-hosts.js';
import { createControlServer } from './control-server.js';
import { createConfigCipher } from './encryption.js';
import { followRun } from './follow-run.js';
import { createIdempotencyStore } from './idempotency.js';
import { createIdentityStore } from './identity.js';
import { createRunJournal } from './journal/run-journal.js';
import { createNotifications, type Notifications } from './listen.js';
import { createOutbox } from './outbox.js';
import { createInstallation, type Installation } from './places/installation.js';
import { placesOf } from './places/place.js';
import { createPool } from './pool.js';
import { createRetention } from './retention.js';
import { checkSchema } from './schema-state.js';
import { createOrganizationStore } from './store/organization-store.js';
import { waitForRun } from './wait-for-run.js';

/** Most connections of this process, beside the one that listens. */
const POOL_SIZE = 10;

export interface ControlDatabaseOptions {
  /** postgresql://…, of one host or several (docs/reference/settings.md). */
  readonly url: string;
  /** Keys of 32 bytes for the endpoints' configs: the first encrypts, all decrypt. */
  readonly encryptionKeys: readonly Buffer[];
  /** EDEN_INSTALLATION */
  readonly installationName?: string | undefined;
}

/** The control database behind the ports of the domain. */
export interface ControlDatabase {
  readonly store: ControlStore;
  readonly journal: RunJournal;
  readonly outbox: OutboxStore;
  readonly retention: RetentionStore;
  readonly server: ControlServer;
  close(): Promise<void>;
}

/**
 * Connects lazily: this works, and goes on working, while the database is away. Every call then ends within two
 * seconds with SERVICE_UNAVAILABLE, and the next one tries again.
 * @throws TypeError when a key is not of 32 bytes
 */
export function createControlDatabase(options: ControlDatabaseOptions): ControlDatabase {
  const { url, encryptionKeys, installationName } = options;
  const hosts = new ControlHosts(url);
  const pool = createPool(hosts, POOL_SIZE);
  const client = createClient(pool);
  const notifications = createNotifications(hosts);
  const installation = createInstallation(client, placesOf(url, installationName));
  const cipher = createConfigCipher(encryptionKeys);
  const organization = (uuid: Uuid): OrganizationStore => createOrganizationStore(client, cipher, uuid);
  return {
    store: createStore({
      client,
      authentications: new Authentications(pool),
      notifications,
      organization,
      installation,
    }),
    journal: createRunJournal(client, notifications, installation, organization),
    outbox: createOutbox(client, notifications),
    retention: createRetention(client),
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
  readonly authentications: Authentications;
  readonly notifications: Notifications;
  organization(uuid: Uuid): OrganizationStore;
  readonly installation: Installation;
}

function createStore({ client, authentications, notifications, organization, installation }: StoreParts): ControlStore {
  return {
    identity: createIdentityStore(client, authentications),
    idempotency: createIdempotencyStore(client),
    organization,
    followRun: (organizationUuid, follow) => followRun(organization(organizationUuid), notifications, follow),
    waitForRun: (organizationUuid, runUuid, timeoutMs, signal) =>
      waitForRun(organization(organizationUuid), notifications, { runUuid, timeoutMs, signal }),
    check: async () => {
      await client.$queryRaw`SELECT 1`;
    },
    checkSchema: () => checkSchema(client),
    checkPlace: async () => {
      await installation.id();
    },
  };
}
