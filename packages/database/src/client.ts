import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { translateError, type Operation } from './errors.js';
import { PrismaClient, type Prisma } from './generated/client.js';
import { TRANSACTION_TIMEOUT_MS } from './session-settings.js';

/** Prisma outside a transaction. Every error that leaves it has been translated. */
export type Client = PrismaClient;

/** Prisma inside or outside a transaction. */
export type Db = Prisma.TransactionClient;

/** A transaction waits for its connection so much longer than the pool: that one gives up before. */
const BEHIND_POOL_MS = 400;

/** A client on this pool, which it ends when it is disconnected. */
export function createClient(pool: pg.Pool): Client {
  const adapter = new PrismaPg(pool, { disposeExternalPool: true });
  const maxWait = (pool.options.connectionTimeoutMillis ?? 0) + BEHIND_POOL_MS;
  // Minimal errors: the others cost a stack trace per query, and quote our source files.
  const client = new PrismaClient({ adapter, errorFormat: 'minimal', transactionOptions: { maxWait } });
  const translating = client.$extends({
    name: 'errors',
    query: {
      $allOperations: ({ args, query, model, operation }) => translated(() => query(args), { model, operation, args }),
    },
  });
  // Extensions of queries change no types, but Prisma names every extended client anew.
  return translating as unknown as Client;
}

/** Does the work. What it throws becomes what the ports promise. */
export async function translated<T>(work: () => Promise<T>, about: Operation | null): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translateError(error, about);
  }
}

const MIB = 1024 * 1024;
/** For each MiB that a transaction writes, on a busy machine. */
const MS_PER_MIB = 1_000;

/**
 * One transaction, READ COMMITTED; any error rolls it back.
 * @param bytes About as much as it writes, where that is much.
 * @throws EdenError SERVICE_UNAVAILABLE
 */
export function transaction<T>(client: Client, work: (tx: Db) => Promise<T>, bytes = 0): Promise<T> {
  const timeout = TRANSACTION_TIMEOUT_MS + Math.ceil((bytes / MIB) * MS_PER_MIB);
  return translated(() => client.$transaction(work, { timeout }), null);
}
