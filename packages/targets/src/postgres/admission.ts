import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { EdenError, isEdenError, type ControlServerIdentity, type Endpoint, type Uuid } from '@eden/domain';
import type { Client, ClientBase, QueryConfig } from 'pg';
import { CONTROL_SERVER } from '../reach/own-servers.js';
import { notAllowed, type Reach } from '../reach/reach.js';
import type { Refusal } from '../reach/address-rules.js';
import { hostsOf, type PostgresConfig } from './config.js';
import { endpointUnavailable, hasSqlstate, SQLSTATE } from './errors.js';

/** Longest wait for each answer; an endpoint that is silent has proved nothing. */
const ANSWER_TIMEOUT_MS = 5_000;

/** Addresses remembered of one endpoint; a name that leads to more is checked again. */
const MOST_ADDRESSES = 64;

const CONTROL_DATABASE: Refusal = {
  reason: 'control_server',
  details: 'It leads to the control database',
  setting: null,
};

interface Elsewhere {
  readonly version: number;
  readonly addresses: Set<string>;
}

interface Whereabouts {
  readonly systemIdentifier: string | null;
  readonly databaseOid: number;
  /** Database of the control server in which the endpoint's lock was seen. */
  readonly lockSeenIn: number | null;
}

/**
 * Lets sessions of endpoints in (docs/adr/0016). The address is checked before anything is sent there. Of each new
 * address a session then shows that it is not the control database's server, whatever way leads there: it takes a
 * random advisory lock, with the tenant's own credentials, and the control database must not see it. A copy or standby
 * of that server, where locks are others, is known by the system identifier.
 */
export class Admission {
  private readonly elsewhere = new Map<Uuid, Elsewhere>();

  constructor(private readonly reach: Reach) {}

  /** What can be told before connecting. @throws EdenError ENDPOINT_NOT_ALLOWED */
  assertLiteralAllowed(config: PostgresConfig): void {
    for (const { host, port } of hostsOf(config)) this.reach.assertLiteralAllowed(host, port);
  }

  /** For one connection; it leads to checked addresses only. */
  socket(): Socket {
    return this.reach.socket();
  }

  /** @throws EdenError ENDPOINT_NOT_ALLOWED; ENDPOINT_UNAVAILABLE when it cannot be told */
  async assertElsewhere(client: Client, endpoint: Endpoint): Promise<void> {
    const addresses = this.addressesOf(endpoint);
    const address = addressOf(client);
    if (addresses.has(address)) return;
    try {
      const refusal = this.refusal(await this.locate(client), await this.reach.controlServer.identify());
      if (refusal !== null) throw notAllowed(refusal, endpoint.id);
    } catch (error) {
      throw isEdenError(error, 'ENDPOINT_NOT_ALLOWED') ? error : untold(endpoint, error);
    }
    if (addresses.size >= MOST_ADDRESSES) addresses.clear();
    addresses.add(address);
  }

  forget(endpointUuid: Uuid): void {
    this.elsewhere.delete(endpointUuid);
  }

  private addressesOf({ uuid, version }: Endpoint): Set<string> {
    const known = this.elsewhere.get(uuid);
    if (known?.version === version) return known.addresses;
    const addresses = new Set<string>();
    this.elsewhere.set(uuid, { version, addresses });
    return addresses;
  }

  /** Between the lock and its end, the control database looks for it. */
  private async locate(client: ClientBase): Promise<Whereabouts> {
    const systemIdentifier = await readSystemIdentifier(client);
    const key = randomBytes(8).readBigInt64BE();
    const [, , database] = await Promise.all([
      client.query(bounded('BEGIN')),
      client.query(bounded('SELECT pg_catalog.pg_advisory_xact_lock($1::pg_catalog.int8)', [key.toString()])),
      client.query<{ oid: string }>(bounded(DATABASE_OID)),
    ]);
    const lockSeenIn = await this.reach.controlServer.findAdvisoryLock(key);
    await client.query(bounded('ROLLBACK'));
    return { systemIdentifier, databaseOid: Number(database.rows[0]?.oid), lockSeenIn };
  }

  private refusal(here: Whereabouts, control: ControlServerIdentity): Refusal | null {
    const isCopy = here.systemIdentifier !== null && here.systemIdentifier === control.systemIdentifier;
    if (here.lockSeenIn === null && !isCopy) return null;
    if ((here.lockSeenIn ?? here.databaseOid) === control.databaseOid) return CONTROL_DATABASE;
    return this.reach.allowControlServer ? null : CONTROL_SERVER;
  }
}

function untold({ id }: Endpoint, cause: unknown): EdenError {
  if (!isEdenError(cause)) return endpointUnavailable(id, cause);
  const details = 'the control database is away, which has to show that the endpoint does not lead to it';
  return new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: id, details }, { cause });
}

/** Operators as names: a search_path of the tenant's role may put others before those of the catalog. */
const DATABASE_OID = `SELECT oid FROM pg_catalog.pg_database
  WHERE datname OPERATOR(pg_catalog.=) pg_catalog.current_database()`;

async function readSystemIdentifier(client: ClientBase): Promise<string | null> {
  try {
    const text = 'SELECT system_identifier::pg_catalog.text AS id FROM pg_catalog.pg_control_system()';
    const { rows } = await client.query<{ id: string }>(bounded(text));
    return rows[0]?.id ?? null;
  } catch (error) {
    if (hasSqlstate(error, SQLSTATE.insufficientPrivilege)) return null;
    throw error;
  }
}

function bounded(text: string, values: readonly string[] = []): QueryConfig {
  return { text, values: [...values], query_timeout: ANSWER_TIMEOUT_MS } as QueryConfig;
}

function addressOf({ connection }: Client): string {
  const { remoteAddress, remotePort } = connection.stream as Socket;
  return `${String(remoteAddress)} ${String(remotePort)}`;
}
