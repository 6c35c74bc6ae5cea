import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Endpoint } from '@eden/domain';
import { eventually, testSandbox, withClient } from '@eden/testkit';
import type { PostgresServer } from '@eden/sandbox';
import { createTargets, type ReachOptions } from '../index.js';
import { PATIENT, REACH, endpointAt, newUuid, participantSpec, rejection, sql } from '../testing/fixtures.js';
import { closedAfterEach, postgresAdapter } from '../testing/postgres-target.js';

const adapter = postgresAdapter();
const open = closedAfterEach();

/** A server and its copy, of which one takes writes. */
let first: PostgresServer;
let second: PostgresServer;
let endpoint: Endpoint;

beforeAll(async () => {
  const sandbox = await testSandbox();
  first = await sandbox.startPostgres({
    name: 'target-first',
    durable: false,
    settings: { max_prepared_transactions: '5' },
  });
  second = await first.clone('target-second');
  endpoint = endpointAt(severalHosts(first.port, second.port));
  await takesWrites(second, false);
});

function severalHosts(...ports: readonly number[]): string {
  const { username, password } = first.superuser;
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
  return `postgresql://${username}:${password}@${hosts}/postgres?target_session_attrs=read-write`;
}

async function takesWrites(server: PostgresServer, does: boolean): Promise<void> {
  await withClient(server.url(), async (client) => {
    await client.query('SET default_transaction_read_only = off');
    await client.query(`ALTER SYSTEM SET default_transaction_read_only = ${does ? 'off' : 'on'}`);
    await client.query('SELECT pg_reload_conf()');
  });
  await eventually(async () => {
    const { rows } = await withClient(server.url(), (client) => client.query('SHOW default_transaction_read_only'));
    expect(rows).toEqual([{ default_transaction_read_only: does ? 'off' : 'on' }]);
  });
}

/** Of the server that a participant and an execution of the endpoint come to. */
async function portsOf(at: Endpoint): Promise<readonly unknown[]> {
  const port = sql('SELECT inet_server_port() AS port');
  const participant = await adapter.openParticipant(at, participantSpec());
  open.push(participant);
  await participant.begin();
  const { rows } = await participant.run(port);
  const options = { readOnly: true, gate: null, lockTimeoutMs: 1000, statementTimeoutMs: 1000, idleTimeoutMs: 0 };
  const execution = await adapter.openExecution(at, options);
  const read = await execution.readOnce(port);
  return [rows[0]?.['port'], typeof read === 'string' ? read : read.rows[0]?.['port']];
}

describe('an endpoint of several hosts', () => {
  it('leads to the one that takes writes, wherever it stands in the list, and follows it', async () => {
    await adapter.install(endpoint, newUuid());
    expect(await portsOf(endpoint)).toEqual([first.port, first.port]);
    const turned = endpointAt(severalHosts(second.port, first.port));
    expect(await portsOf(turned)).toEqual([first.port, first.port]);
    await first.stop();
    await takesWrites(second, true);
    await adapter.install(endpoint, newUuid());
    expect(await portsOf(endpoint)).toEqual([second.port, second.port]);
    await takesWrites(second, false);
    const fresh = endpointAt(severalHosts(first.port, second.port));
    expect(await rejection(adapter.inspect(fresh))).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
    expect(await rejection(adapter.openParticipant(fresh, participantSpec()))).toMatchObject({
      code: 'ENDPOINT_UNAVAILABLE',
    });
    await takesWrites(second, true);
  });

  it.each<[string, Partial<ReachOptions>, string]>([
    ['at the control database', {}, 'control_server'],
    ['on this machine, where none may be', { allowLoopback: false }, 'loopback'],
  ])('is refused as a whole when one of them is %s', async (_, change, reason) => {
    const forbidden = second.port;
    const ownServers = [{ name: 'control database' as const, host: '127.0.0.1', port: forbidden }];
    const targets = createTargets({ postgres: PATIENT, reach: { ...REACH, ownServers, ...change } });
    open.push(targets);
    const strict = targets.adapter('Postgres');
    const url = severalHosts(first.port, forbidden);
    const refused = { code: 'ENDPOINT_NOT_ALLOWED', context: { reason } };
    await expect(async () => strict.parseConfig({ url })).rejects.toMatchObject(refused);
    expect(await rejection(strict.inspect(endpointAt(url)))).toMatchObject(refused);
    expect(await rejection(strict.openParticipant(endpointAt(url), participantSpec()))).toMatchObject(refused);
  });
});
