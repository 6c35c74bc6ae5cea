import { expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { redisDatabase, startRedisMasters } from './index.js';

it('gives an empty logical database', async () => {
  const client = new Redis(await redisDatabase());
  await client.set('key', 'value');
  await redisDatabase();
  expect(await client.dbsize()).toBe(0);
  await client.quit();
});

it('starts masters that know nothing of each other', async () => {
  const masters = await startRedisMasters(3);
  const clients = masters.map(({ url }) => new Redis(url));
  await clients[0]?.set('key', 'value');
  expect(await Promise.all(clients.map((client) => client.get('key')))).toEqual(['value', null, null]);
  await Promise.all(clients.map((client) => client.quit()));
});
