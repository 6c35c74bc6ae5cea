import type { RedisServer, Sandbox } from '@eden/sandbox';
import { freePort } from '@eden/sandbox';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import { testSandbox } from './test-sandbox.js';

const SLOTS = 16_384;
const MASTERS = 3;
const MOST_STARTS = 3;
/** So long no node of a cluster that loses none is silent, however busy the machine is. */
const PATIENT_MS = 30_000;

/** A Redis Cluster of this test file's own: three masters that share the slots, and a replica of each. */
export interface RedisCluster {
  /** `redis-cluster://…` with all of its nodes. */
  readonly url: string;
  killMasterOf(key: string): Promise<void>;
  /** Resolves once a node that lives is the master of that slot, and all of them serve every slot. */
  hasMasterOf(key: string): Promise<void>;
  stop(): Promise<void>;
}

/** @param failsOverAfterMs A replica takes over from a master that has not answered for that long. */
export async function startRedisCluster({ failsOverAfterMs = PATIENT_MS } = {}): Promise<RedisCluster> {
  const sandbox = await testSandbox();
  const names = Array.from({ length: 2 * MASTERS }, (_, at) => `node-${at + 1}`);
  const started = await Promise.all(names.map((name) => startNode(sandbox, name, failsOverAfterMs)));
  const nodes = started.map(({ server }) => server);
  await introduce(started);
  await shareSlots(nodes.slice(0, MASTERS));
  await follow(nodes.slice(MASTERS), nodes.slice(0, MASTERS));
  await eventually(() => Promise.all(nodes.map((node) => isComplete(node))));
  return new StartedCluster(nodes);
}

class StartedCluster implements RedisCluster {
  private readonly killed = new Set<RedisServer>();

  constructor(private readonly nodes: readonly RedisServer[]) {}

  get url(): string {
    return `redis-cluster://${this.nodes.map(({ host, port }) => `${host}:${port}`).join(',')}`;
  }

  async killMasterOf(key: string): Promise<void> {
    const master = await this.masterOf(key);
    this.killed.add(master);
    await master.kill();
  }

  async hasMasterOf(key: string): Promise<void> {
    await eventually(async () => {
      const master = await this.masterOf(key);
      if (this.killed.has(master)) throw new Error(`${master.url} is still named as the master of ${key}`);
      await Promise.all(this.alive.map((node) => isComplete(node)));
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.alive.map((node) => node.kill()));
  }

  private async masterOf(key: string): Promise<RedisServer> {
    const [asked] = this.alive;
    if (asked === undefined) throw new Error('No node of the cluster lives');
    const port = await asking(asked, async (client) => {
      const slot = await client.cluster('KEYSLOT', key);
      const ranges = await client.cluster('SLOTS');
      return ranges.find(([first, last]) => first <= slot && slot <= last)?.[2]?.[1];
    });
    const found = this.nodes.find((node) => node.port === port);
    if (found === undefined) throw new Error(`Nobody has the slot of ${key}`);
    return found;
  }

  private get alive(): readonly RedisServer[] {
    return this.nodes.filter((node) => !this.killed.has(node));
  }
}

interface Node {
  readonly server: RedisServer;
  /** The port at which it talks to the other nodes. */
  readonly bus: number;
}

/** Somebody else may have taken the port of its bus before it does. */
async function startNode(sandbox: Sandbox, name: string, timeoutMs: number, starts = 1): Promise<Node> {
  const bus = await freePort();
  const settings = {
    'cluster-enabled': 'yes',
    'cluster-port': String(bus),
    'cluster-config-file': `${name}-${bus}.conf`,
    'cluster-node-timeout': String(timeoutMs),
    'cluster-announce-ip': '127.0.0.1',
    // What follows a master that is empty need not wait for others that may come.
    'repl-diskless-sync-delay': '0',
  };
  const args = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]);
  try {
    return { server: await sandbox.startRedis({ name, args }), bus };
  } catch (error) {
    if (starts === MOST_STARTS) throw error;
    return startNode(sandbox, name, timeoutMs, starts + 1);
  }
}

/** Each is told of the first one, and of the others by it; what is not done in time is begun anew. */
async function introduce(nodes: readonly Node[]): Promise<void> {
  const [first, ...others] = nodes;
  if (first === undefined) return;
  const { host, port } = first.server;
  const meet = async ({ server }: Node): Promise<void> => {
    if ((await identities(server)).length === nodes.length) return;
    await asking(server, (client) => client.call('CLUSTER', 'MEET', host, port, first.bus));
    throw new Error(`${server.url} does not know all nodes yet`);
  };
  await Promise.all(others.map((node) => eventually(() => meet(node))));
  await eventually(async () => {
    const known = (await identities(first.server)).length;
    if (known !== nodes.length) throw new Error(`${first.server.url} knows ${known} of ${nodes.length} nodes`);
  });
}

async function shareSlots(masters: readonly RedisServer[]): Promise<void> {
  const bounds = masters.map((_, at) => Math.floor((at * SLOTS) / masters.length));
  for (const [at, master] of masters.entries()) {
    const last = (bounds[at + 1] ?? SLOTS) - 1;
    await asking(master, (client) => client.cluster('ADDSLOTSRANGE', bounds[at] ?? 0, last));
  }
}

/** Each of the first ones follows one of the others, and has all that it has. */
async function follow(replicas: readonly RedisServer[], masters: readonly RedisServer[]): Promise<void> {
  for (const [at, replica] of replicas.entries()) {
    const master = masters[at] as RedisServer;
    const id = await asking(master, async (client) => String(await client.call('CLUSTER', 'MYID')));
    await asking(replica, (client) => client.cluster('REPLICATE', id));
    await eventually(async () => {
      const state = await asking(replica, (client) => client.info('replication'));
      if (!state.includes('master_link_status:up')) throw new Error(`${replica.url} does not follow ${master.url} yet`);
    });
  }
}

async function identities(node: RedisServer): Promise<readonly string[]> {
  const known = await asking(node, async (client) => String(await client.call('CLUSTER', 'NODES')));
  return known
    .trim()
    .split('\n')
    .filter((line) => !line.includes('handshake'));
}

/** Every slot is served, as this node sees it. */
async function isComplete(node: RedisServer): Promise<void> {
  const info = await asking(node, async (client) => String(await client.call('CLUSTER', 'INFO')));
  if (!info.includes('cluster_state:ok')) throw new Error(`${node.url}: ${info}`);
}

async function asking<T>(node: RedisServer, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(node.url);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}
