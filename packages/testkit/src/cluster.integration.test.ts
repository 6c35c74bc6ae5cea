import { beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster, type Cluster } from './index.js';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ gateways: 2, workers: 1 });
});

describe('a cluster of real processes', () => {
  it('has the gateways and workers that were asked for, all ready', async () => {
    const members = [...cluster.gateways, ...cluster.workers];
    expect(members.map(({ name }) => name).sort()).toEqual(['gateway-1', 'gateway-2', 'worker-1']);
    expect(new Set(members.map(({ pid }) => pid)).size).toBe(3);
    const answers = await Promise.all(members.map(({ url }) => fetch(`${url}/readyz`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('serves one organization through all of its gateways', async () => {
    const { client } = await cluster.createOrganization();
    const answers = cluster.gateways.map(({ url }) => client.at(url).get('/migrations'));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await cluster.client.get('/migrations')).status).toBe(401);
  });

  it('grows while it runs, and its members drain with exit code 0', async () => {
    const worker = await cluster.addWorker({ LOG_LEVEL: 'debug' });
    await cluster.stop();
    expect([...cluster.gateways, ...cluster.workers].map((member) => member.process.running)).not.toContain(true);
    expect(await worker.logs()).not.toEqual([]);
  });
});
