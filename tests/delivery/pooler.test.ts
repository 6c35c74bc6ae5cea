import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Cluster, PgBouncer } from '@eden/testkit';
import {
  adoptPlace,
  createControlDatabase,
  hasPgBouncer,
  startCluster,
  startPgBouncer,
  withClient,
} from '@eden/testkit';
import { JournalWorld } from './journal-world.js';

const describeBehindPooler = (await hasPgBouncer()) ? describe : describe.skip;

/** Fewer sessions than the processes have clients. */
const FEW = { default_pool_size: 3 };

describeBehindPooler('a gateway and a worker behind a pooler of transactions', () => {
  let direct: string;
  let pooler: PgBouncer;
  let cluster: Cluster;
  let world: JournalWorld;

  beforeAll(async () => {
    direct = (await createControlDatabase()).url;
    pooler = await startPgBouncer({ mode: 'transaction', settings: FEW });
    const env = { DATABASE_URL: pooler.through(direct), DATABASE_DIRECT_URL: direct, LOCK_TTL_MS: '2000' };
    await adoptPlace(env.DATABASE_URL, direct);
    cluster = await startCluster({ env });
    // Logs in.
    world = await JournalWorld.create(cluster);
  });

  // Protocol: I17
  it('sync and migrate, and tell of it while it goes on', async () => {
    await world.prepare(['watched']);
    await world.pauses.begin('watched');
    const { headers } = await world.migrate('watched');
    await world.pauses.isReached();
    const { client } = world.customers;
    const events = await fetch(
      `${client.gatewayUrl}/api/v1/runs/${headers.get('location')?.split('/').at(-1)}/events`,
      {
        headers: { authorization: `Bearer ${client.token}`, accept: 'text/event-stream' },
      },
    );
    await world.pauses.end('watched');
    expect(await events.text()).toMatch(/event: started[^]*event: commit_decided[^]*event: finished/);
    await world.expectOnce(['watched']);
  });

  it('end what a worker had begun that was killed, once', async () => {
    const names = ['interrupted', 'next'];
    await world.prepare(names);
    await world.pauses.begin('interrupted');
    await world.migrate('interrupted');
    await world.pauses.isReached();
    await cluster.workers[0]?.kill();
    await cluster.addWorker();
    await world.pauses.end('interrupted');
    await world.migrate('next');
    await world.expectOnce(names);
  });

  it('execute for many callers at once', async () => {
    const { customers } = world;
    await customers.addTemplate('count', 'db', 'SELECT count(*)::int AS n FROM journal WHERE name = {{name}}', {
      kind: 'Read',
    });
    const bindings = [{ template: 'count', fields: { name: 'name' } }];
    await customers.addApi('counted', [{ name: 'name', type: 'String', required: true }], bindings);
    const calls = Array.from({ length: 60 }, () => customers.client.post('/apis/counted', { name: 'watched' }));
    const answers = await Promise.all(calls);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('go on when the pooler was killed in the middle of a run, and answer 503 as long as it is away', async () => {
    await world.prepare(['without']);
    await world.pauses.begin('without');
    await world.migrate('without');
    await world.pauses.isReached();
    await pooler.kill();
    expect((await world.customers.client.get('/migrations')).status).toBe(503);
    await pooler.restart();
    await world.pauses.end('without');
    await world.expectOnce(['without']);
  });

  it('share the few sessions that the pooler has, and listen past it', async () => {
    const { rows } = await withClient(direct, (client) =>
      client.query<{ name: string; sessions: number }>(`
        SELECT application_name AS name, count(*)::int AS sessions FROM pg_stat_activity
         WHERE datname = current_database() AND application_name LIKE 'eden-%' GROUP BY 1`),
    );
    const sessions = new Map(rows.map(({ name, sessions: count }) => [name, count]));
    expect(sessions.get('eden-control')).toBeLessThanOrEqual(FEW.default_pool_size);
    expect(sessions.get('eden-listen')).toBe(2);
  });
});
