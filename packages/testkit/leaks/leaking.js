/** A test file as it must not be: src/leaks.integration.test.ts runs it and expects that it fails. */
import { expect, it } from '@jest/globals';
import pg from 'pg';
import { Sandbox } from '@eden/sandbox';
import { createDatabase, reportOnFailure, testServers } from '@eden/testkit';

it('leaves a session and a process behind', async () => {
  const { url } = await createDatabase(testServers().targets[0]);
  const client = new pg.Client({ connectionString: url, application_name: 'leaked session' });
  client.on('error', () => undefined);
  await client.connect();
  const sandbox = await Sandbox.create(testServers().filesDirectory);
  await sandbox.startRedis({ name: 'leaked-redis' });
});

it('fails', () => {
  reportOnFailure(async () => 'what the process has logged');
  expect(true).toBe(false);
});
