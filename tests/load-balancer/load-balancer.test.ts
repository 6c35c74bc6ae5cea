import { appendFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findHaproxy, findNginx } from '@eden/sandbox';
import type { ApiClient, Cluster, ServiceProcess, TestDatabase } from '@eden/testkit';
import {
  adoptPlace,
  createDatabase,
  eventually,
  freePort,
  startCluster,
  testSandbox,
  testServers,
} from '@eden/testkit';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';
import { Pauses } from '../customers/pause.js';
import { FailoverDatabase } from '../failover/failover-database.js';
import type { Balancer } from './balancers.js';
import { BALANCERS } from './balancers.js';
import { Load } from './load.js';
import { Stream } from './stream.js';

const WITHOUT = 'EDEN_TEST_WITHOUT_LOAD_BALANCER';
const GATEWAYS = 3;
const STREAMS = 6;
/** Longer than nginx and HAProxy need to find out, shorter than they wait for the answer of a POST. */
const FREEZE_MS = 20_000;
/** How long requests come before and behind a fault. */
const AROUND_MS = 2_000;

const isLeftOut = process.env[WITHOUT] === '1';
if (isLeftOut) process.stderr.write(`\n${WITHOUT}=1: NO LOAD BALANCER IS TESTED HERE\n`);
const describeBalancers = isLeftOut ? describe.skip : describe;

const PROGRAMS = { HAProxy: findHaproxy, nginx: findNginx };

let cluster: Cluster;
let control: FailoverDatabase;
let world: CustomerWorld;
let target: TestDatabase;
let pauses: Pauses;
let loads = 0;
let runs = 0;

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

beforeAll(async () => {
  if (isLeftOut) return;
  control = await FailoverDatabase.createControl();
  await adoptPlace(control.url);
  const env = { DATABASE_URL: control.url, RATE_LIMIT_PER_MINUTE: '1000000' };
  cluster = await startCluster({ gateways: GATEWAYS, env });
  world = await CustomerWorld.create(cluster);
  target = await createDatabase(testServers().targets[0]);
  await rowsOf(target, 'CREATE TABLE noted (n int NOT NULL)');
  pauses = await Pauses.install(target);
  await world.accept('/endpoints', { id: 'db', kind: 'Postgres', config: { url: target.url } });
  await world.addTemplate('note', 'db', 'INSERT INTO noted VALUES ({{int n}})');
  await world.addTemplate('wait', 'db', "SELECT pause('run')");
  await world.addApi(
    'note',
    [{ name: 'n', type: 'Number', required: true }],
    [{ template: 'note', fields: { n: 'n' } }],
  );
  await world.accept('/migrations', { id: 'standing' });
});

afterAll(() => cluster?.stop());

/** Starts the program on its own configuration, with this machine's addresses in it. Answers where it listens. */
async function start(balancer: Balancer): Promise<string> {
  const sandbox = await testSandbox();
  const port = await freePort();
  const folder = join(sandbox.folder, balancer.name);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'configuration');
  await writeFile(file, balancer.configuration(port, gatewayPorts()));
  const command = await PROGRAMS[balancer.name]();
  await sandbox.startProcess({ name: balancer.name, command, args: balancer.args(file, folder) });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200));
  return url;
}

function gatewayPorts(): number[] {
  return cluster.gateways.map(({ url }) => Number(new URL(url).port));
}

/** A migration whose only statement waits; it has begun. Answers its run. */
async function beginRun(client: ApiClient): Promise<string> {
  const id = `run_${(runs += 1)}`;
  await world.accept('/migrations', { id });
  await world.addApi(`api_${id}`);
  await world.accept(`/migrations/${id}/add_api`, { id: `api_${id}`, bindings: [{ template: 'wait', fields: {} }] });
  await world.accept(`/migrations/${id}/sync`);
  await pauses.begin('run');
  const { headers } = await client.post(`/migrations/${id}/migrate`, {}, { prefer: 'respond-async' });
  await pauses.isReached();
  return String(headers.get('location')).split('/').at(-1) as string;
}

/** Puts another process in the place of the gateway. */
async function restart(gateway: ServiceProcess): Promise<void> {
  const at = cluster.gateways.indexOf(gateway);
  const port = Number(new URL(gateway.url).port);
  const next = await cluster.addGateway({}, { port });
  cluster.gateways.splice(cluster.gateways.indexOf(next), 1);
  cluster.gateways[at] = next;
}

/** Done while requests come; `burst` sends more reads than there are gateways, at once. */
type Fault = (burst: () => Promise<void>) => Promise<void>;

const FAULTS: Readonly<Record<string, Fault>> = {
  'kill -9 of a gateway': async () => {
    const victim = cluster.gateways[1] as ServiceProcess;
    await victim.kill();
    await delay(AROUND_MS);
    await restart(victim);
  },
  'rolling restart of all three': async () => {
    for (const gateway of [...cluster.gateways]) {
      await gateway.stop();
      await restart(gateway);
    }
  },
  'a frozen gateway': async (burst) => {
    const victim = cluster.gateways[2] as ServiceProcess;
    victim.freeze();
    await Promise.all([burst(), delay(FREEZE_MS)]);
    victim.thaw();
  },
};

describeBalancers.each(BALANCERS)('behind $name', (balancer) => {
  let client: ApiClient;

  beforeAll(async () => {
    client = world.client.at(await start(balancer));
  });

  /** The load during the fault; a number that was inserted twice fails whoever asks. */
  async function during(fault: Fault): Promise<Load> {
    const load = new Load(client, (loads += 1) * 1_000_000);
    await delay(AROUND_MS);
    await fault(() => load.burst());
    await delay(AROUND_MS);
    await load.stop();
    expect(await rowsOf(target, 'SELECT n FROM noted GROUP BY n HAVING count(*) > 1')).toEqual([]);
    return load;
  }

  it.each(Object.entries(FAULTS))('%s: no read fails, no POST is done twice, streams go on', async (name, fault) => {
    const run = await beginRun(client);
    const streams = Array.from({ length: STREAMS }, () => new Stream(client, run));
    await eventually(() => expect(streams.every(({ sequences }) => sequences.length > 0)).toBe(true));
    const load = await during(fault);
    await pauses.end('run');
    await Promise.all(streams.map((stream) => stream.end()));
    report(balancer, name, load, streams);
    expect(Object.fromEntries(load.reads.others)).toEqual({});
    expect(Object.fromEntries(load.keyed.others)).toEqual({});
    const whole = Array.from(
      { length: Math.max(...streams.map(({ sequences }) => sequences.length)) },
      (_, n) => n + 1,
    );
    for (const { sequences } of streams) expect(sequences).toEqual(whole);
    expect(load.reads.sent).toBeGreaterThan(50);
  });

  it('a failover of the control database: nothing but 503 with Retry-After while it lasts', async () => {
    await control.follow();
    const load = await during(() => control.failOver());
    report(balancer, 'failover of the control database', load, []);
    const told = new Set([...load.reads.others.keys(), ...load.writes.others.keys()]);
    expect([...told].filter((each) => each !== '503 SERVICE_UNAVAILABLE, Retry-After')).toEqual([]);
    expect(Object.fromEntries(load.keyed.others)).toEqual({});
    expect((await client.get('/migrations/standing')).status).toBe(200);
  });
});

function report({ name }: Balancer, fault: string, { reads, writes, keyed }: Load, streams: readonly Stream[]): void {
  const line = {
    balancer: name,
    fault,
    reads: reads.sent,
    failedReads: reads.failed,
    longestReadMs: reads.longestMs,
    posts: writes.sent,
    failedPosts: Object.fromEntries(writes.others),
    keyed: keyed.sent,
    failedKeyed: Object.fromEntries(keyed.others),
    streams: streams.length,
    resumed: streams.reduce((sum, { opened }) => sum + opened - 1, 0),
  };
  const file = process.env['EDEN_LOAD_BALANCER_REPORT'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`);
}
