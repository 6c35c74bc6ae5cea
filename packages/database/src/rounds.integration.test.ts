import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createControlDatabase, startTcpProxy, withClient, type TcpProxy } from '@eden/testkit';
import type pg from 'pg';
import { createClient, transaction, type Client } from './client.js';
import { ControlHosts } from './control-hosts.js';
import { Prisma } from './generated/client.js';
import { createPool } from './pool.js';
import { roundsIn, transactInRounds, type Round } from './rounds.js';

let url: string;
let proxy: TcpProxy;
let pool: pg.Pool;
let client: Client;

beforeAll(async () => {
  ({ url } = await createControlDatabase());
  const behind = new URL(url);
  proxy = await startTcpProxy(Number(behind.port));
  behind.port = String(proxy.port);
  pool = createPool(new ControlHosts(behind.href), 1);
  client = createClient(pool);
  await withClient(url, (direct) => direct.query('CREATE TABLE noted (n int PRIMARY KEY)'));
});

beforeEach(() => withClient(url, (direct) => direct.query('TRUNCATE noted')));

afterAll(async () => {
  await client.$disconnect();
});

const note = (n: number) => ({ sql: Prisma.sql`INSERT INTO noted VALUES (${n})` });
const READ = { sql: Prisma.sql`SELECT n FROM noted ORDER BY n`, reads: true } as const;

async function noted(): Promise<readonly number[]> {
  const { rows } = await withClient(url, (direct) => direct.query<{ n: number }>('SELECT n FROM noted ORDER BY n'));
  return rows.map(({ n }) => n);
}

const WAYS: readonly [string, <T>(work: (round: Round) => Promise<T>) => Promise<T>][] = [
  ['on a connection of their own', (work) => transactInRounds(pool, work)],
  ["in a transaction of Prisma's", (work) => transaction(client, (tx) => work(roundsIn(tx)))],
];

describe.each(WAYS)('rounds %s', (_, transact) => {
  it('commit together, and each statement sees those before it', async () => {
    const answers = await transact(async (round) => {
      await round([note(1)]);
      return round([note(2), READ]);
    });
    expect(answers).toEqual([
      { rows: [], count: 1 },
      { rows: [{ n: 1 }, { n: 2 }], count: 2 },
    ]);
    expect(await noted()).toEqual([1, 2]);
  });

  it('are taken back by the first check that fails, whatever comes behind it', async () => {
    const check = (): void => {
      throw new Error('not as it should be');
    };
    await expect(transact((round) => round([note(1), { ...note(2), check }, note(1)]))).rejects.toThrow(/not as it/);
    expect(await noted()).toEqual([]);
  });

  it('are taken back by a statement that fails, and the connection serves the next ones', async () => {
    const failing = transact(async (round) => {
      await round([note(1)]);
      await round([note(2), note(1), note(3)]);
    });
    await expect(failing).rejects.toThrow(/noted_pkey|Unique constraint/);
    await transact((round) => round([note(4)]));
    expect(await noted()).toEqual([4]);
  });
});

describe('rounds on a connection of their own', () => {
  it('do nothing when their answer does not arrive, but for what the COMMIT may have done', async () => {
    const lost = transactInRounds(pool, async (round) => {
      await round([note(1)]);
      proxy.cut();
      await round([note(2)]);
    });
    await expect(lost).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await transactInRounds(pool, (round) => round([note(3)]));
    expect(await noted()).toEqual([3]);
  });

  it('give up on a server that is silent, and leave it no connection in the middle of a transaction', async () => {
    const lost = transactInRounds(pool, async (round) => {
      await round([note(1)]);
      proxy.pause();
      await round([note(2), note(3)]);
    });
    await expect(lost).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    proxy.resume();
    await transactInRounds(pool, (round) => round([note(4)]));
    expect(await noted()).toEqual([4]);
  });
});
