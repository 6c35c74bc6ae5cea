import { startRedisMasters, startTcpProxy, type TcpProxy } from '@eden/testkit';
import { describeLockContract } from './testing/contract.js';
import { LockClients } from './testing/lock-clients.js';

const masters = await startRedisMasters(3);
const clients = new LockClients(masters.map(({ url }) => url));

/** The ways of each process to the masters, which fall silent with it. */
const ways = new Map<string, readonly TcpProxy[]>();

async function waysOf(process: string): Promise<readonly TcpProxy[]> {
  const known = ways.get(process);
  if (known !== undefined) return known;
  const made = await Promise.all(masters.map(({ url }) => startTcpProxy(Number(new URL(url).port))));
  ways.set(process, made);
  return made;
}

function through(proxies: readonly TcpProxy[]): readonly string[] {
  return masters.map(({ url }, index) => Object.assign(new URL(url), { port: proxies[index]?.port }).href);
}

describeLockContract({
  name: 'three Redis masters',
  open: async (process) => {
    const locks = clients.open(process, { urls: through(await waysOf(process)) });
    await locks.check();
    return locks;
  },
  forget: async () => void (await Promise.all(clients.redis.map((redis) => redis.flushall()))),
  silence: async (process) => (await waysOf(process)).forEach((way) => way.pause()),
  reset: async () => {
    for (const way of [...ways.values()].flat()) way.resume();
    await clients.reset();
  },
  close: () => clients.close(),
});
