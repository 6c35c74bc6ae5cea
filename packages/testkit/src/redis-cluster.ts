import type { RedisServer, Sandbox } from '@eden/sandbox';
import { freePort } from '@eden/sandbox';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import { testSandbox } from './test-sandbox.js';

const SLOTS = 16_384;
const MASTERS = 3;
/** A replica takes over from a master that has not answered for that long. */
const NODE_TIMEOUT_MS = '2000';

/** A Redis Cluster of this test file's own: three masters that share the slots, and a replica of each. */
export interface RedisCluster {
  /** `redis-cluster://…` with all of its nodes. */
  readonly url: string;
  killMasterOf(key: string): Promise<void>;
  /** Resolves once a node that lives is the master of that slot, and all others see it so. */
  hasMasterOf(key: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedisCluster(): Promise<RedisCluster> {
  const sandbox = await testSandbox();
  const names = Array.from({ length: 2 * MASTERS }, (_, at) => `node-${at + 1}`);
  const busOfFirst = await freePort();
  const nodes = await Promise.all(
    names.map(async (name, at) => startNode(sandbox, name, at === 0 ? busOfFirst : await freePort())),
  );
  await introduce(nodes, busOfFirst);
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

/** @param bus The port at which it talks to the other nodes. */
async function startNode(sandbox: Sandbox, name: string, bus: number): Promise<RedisServer> {
  const settings = {
    'cluster-enabled': 'yes',
    'cluster-port': String(bus),
    'cluster-config-file': `${name}-${bus}.conf`,
    'cluster-node-timeout': NODE_TIMEOUT_MS,
    'cluster-announce-ip': '127.0.0.1',
    // What follows a master that is empty need not wait for others that may come.
    'repl-diskless-sync-delay': '0',
  };
  return sandbox.startRedis({ name, args: Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]) });
}

/** Each is told of the first one, and of the others by it. */
async function introduce([first, ...others]: readonly RedisServer[], busOfFirst: number): Promise<void> {
  if (first === undefined) return;
  for (const node of others)
    await asking(node, (client) => client.call('CLUSTER', 'MEET', first.host, first.port, busOfFirst));
  const count = others.length + 1;
  for (const node of [first, ...others]) {
    await eventually(async () => {
      const known = (await identities(node)).length;
      if (known !== count) throw new Error(`${node.url} knows ${known} of ${count} nodes`);
    });
  }
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
