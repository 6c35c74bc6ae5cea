import { beforeAll, describe, expect, it } from '@jest/globals';
import { withClient, type TestDatabase } from '@eden/testkit';
import { createTargets } from '../index.js';
import { PATIENT, REACH, endpointAt, newUuid, rejection } from '../testing/fixtures.js';
import { newDatabase, postgresAdapter } from '../testing/postgres-target.js';
import { onlyFrom } from './install.js';
import { readSql } from './sql.js';

const adapter = postgresAdapter();
let database: TestDatabase;

beforeAll(async () => {
  database = await newDatabase();
});

/** A role of its own with a password, and an endpoint that logs in as it. */
async function endpointOf(role: string) {
  await withClient(database.url, (client) => client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`));
  const { host, port } = database.server;
  return endpointAt('', { config: { host, port, database: database.name, username: role, password: 'x' } });
}

async function dropRole(role: string): Promise<void> {
  await withClient(database.url, (client) => client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`));
}

describe('installing', () => {
  it('tells which right a role lacks, and the SQL that gives it', async () => {
    const fresh = await newDatabase();
    const role = `r${newUuid().slice(0, 8)}`;
    const endpoint = await endpointOf(role);
    const inFresh = { ...endpoint, config: { ...endpoint.config, database: fresh.name } };
    const error = await rejection(adapter.install(inFresh, newUuid()));
    expect(error).toMatchObject({
      code: 'TARGET_RIGHTS_MISSING',
      context: { endpoint_id: endpoint.id, sql: `GRANT CREATE ON DATABASE "${fresh.name}" TO "${role}";` },
    });
    await withClient(fresh.url, (client) => client.query((error as { context: { sql: string } }).context.sql));
    await adapter.install(inFresh, newUuid());
    await adapter.forget(endpoint.uuid);
    await withClient(fresh.url, (client) => client.query(`DROP OWNED BY ${role}`));
    await dropRole(role);
  });

  it('succeeds for 40 callers at once, on an empty database, and leaves each its fence row', async () => {
    const others = Array.from({ length: 3 }, () => createTargets({ postgres: PATIENT, reach: REACH }));
    const migrations = Array.from({ length: 40 }, newUuid);
    const endpoint = endpointAt(database.url);
    const adapters = [adapter, ...others.map((other) => other.adapter('Postgres'))];
    const installs = adapters.flatMap((each, turn) =>
      migrations.filter((_, index) => index % adapters.length === turn).map((uuid) => each.install(endpoint, uuid)),
    );
    await Promise.all(installs);
    await Promise.all(others.map((other) => other.close()));
    const { rows } = await withClient(database.url, (client) =>
      client.query('SELECT migration_uuid, epoch FROM _eden.fence'),
    );
    expect(rows.map((row) => row.migration_uuid).sort()).toEqual(migrations.sort());
    expect(new Set(rows.map((row) => row.epoch))).toEqual(new Set(['0']));
  });

  it('brings the schema of an earlier version to this one, for 10 callers at once, and keeps what it holds', async () => {
    const old = await newDatabase();
    const run = newUuid();
    await withClient(old.url, (client) =>
      client.query(
        `${readSql('install-1')}; INSERT INTO _eden.ledger (run_uuid, epoch, number) VALUES ('${run}', 3, 0)`,
      ),
    );
    const endpoint = endpointAt(old.url);
    await Promise.all(Array.from({ length: 10 }, () => adapter.install(endpoint, newUuid())));
    const { rows } = await withClient(old.url, (client) =>
      client.query(`SELECT run_uuid, epoch, token, version, id IS NOT NULL AS identified
                      FROM _eden.ledger, _eden.version, _eden.identity`),
    );
    expect(rows).toEqual([{ run_uuid: run, epoch: '3', token: '', version: 3, identified: true }]);
  });

  it('takes the steps of an upgrade once, from whatever version it is', async () => {
    const installed = await newDatabase();
    await adapter.install(endpointAt(installed.url), newUuid());
    const step = onlyFrom(3, 'CREATE TABLE _eden.fourth (); UPDATE _eden.version SET version = 4;');
    for (const _ of [1, 2]) await withClient(installed.url, (client) => client.query(step));
    const { rows } = await withClient(installed.url, (client) => client.query('SELECT version FROM _eden.version'));
    expect(rows).toEqual([{ version: 4 }]);
  });

  it('asks the owner to upgrade a schema that this role does not own', async () => {
    const old = await newDatabase();
    const role = `r${newUuid().slice(0, 8)}`;
    const endpoint = await endpointOf(role);
    await withClient(old.url, (client) =>
      client.query(`${readSql('install-1')}; GRANT ALL ON ALL TABLES IN SCHEMA _eden TO ${role}`),
    );
    const inOld = { ...endpoint, config: { ...endpoint.config, database: old.name } };
    const error = await rejection(adapter.install(inOld, newUuid()));
    expect(error).toMatchObject({ code: 'TARGET_RIGHTS_MISSING' });
    await withClient(old.url, (client) => client.query((error as { context: { sql: string } }).context.sql));
    await adapter.install(inOld, newUuid());
    await adapter.forget(endpoint.uuid);
    await withClient(old.url, (client) => client.query(`DROP OWNED BY ${role}`));
    await dropRole(role);
  });

  it('lets everybody read the gates, and asks for the rights of a second role that is to write them', async () => {
    const role = `r${newUuid().slice(0, 8)}`;
    const endpoint = await endpointOf(role);
    const reader = await adapter.openExecution(endpoint, {
      readOnly: true,
      gate: { apiUuid: newUuid(), schemaVersion: 1 },
      lockTimeoutMs: 1000,
      statementTimeoutMs: 1000,
      idleTimeoutMs: 0,
    });
    expect(await reader.enter()).toBe('open');
    await reader.commit();
    const error = await rejection(adapter.install(endpoint, newUuid()));
    expect(error).toMatchObject({ code: 'TARGET_RIGHTS_MISSING' });
    await withClient(database.url, (client) => client.query((error as { context: { sql: string } }).context.sql));
    await adapter.install(endpoint, newUuid());
    await adapter.forget(endpoint.uuid);
    await dropRole(role);
  });
});
