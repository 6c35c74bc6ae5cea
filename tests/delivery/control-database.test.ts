import { expect, it } from '@jest/globals';
import { deployControlSchema } from '@eden/database';
import { startCluster, testSandbox } from '@eden/testkit';
import { JournalWorld } from './journal-world.js';

// Protocol: I17
it('a control database that crashes and comes back in the middle of a run loses and doubles nothing', async () => {
  const server = await (await testSandbox()).startPostgres({ name: 'control-to-crash' });
  await deployControlSchema(server.url());
  const cluster = await startCluster({ workers: 2, env: { DATABASE_URL: server.url(), LOCK_TTL_MS: '2000' } });
  const world = await JournalWorld.create(cluster);
  const names = ['while_working', 'just_accepted'];
  await world.prepare(names);
  await world.pauses.begin('while_working');
  await world.migrate('while_working');
  await world.pauses.isReached();
  const { status } = await world.migrate('just_accepted');
  expect(status).toBe(202);
  await server.crash();
  expect((await world.customers.client.get('/migrations')).status).toBe(503);
  await world.pauses.end('while_working');
  await server.restart();
  await world.expectOnce(names);
  await cluster.stop();
});
