import type pg from 'pg';
import { translated, type Db } from './client.js';
import type { Prisma } from './generated/client.js';
import { sentTogether } from './sent-together.js';

/*
 * Transactions that others wait for, in few round trips: statements that need nothing of each other's answers are sent
 * together (CONTRIBUTING.md, Prisma or SQL).
 */

/** What a statement has answered. */
export interface Answer {
  readonly rows: readonly unknown[];
  /** Rows that it has given or changed. */
  readonly count: number;
}

export interface Step {
  readonly sql: Prisma.Sql;
  /** Its rows are wanted, not only how many there are. */
  readonly reads?: true;
  /** @throws what keeps the transaction from being committed */
  readonly check?: (answer: Answer) => void;
}

/** Runs statements in their order within one transaction. The first that fails, or whose check does, is the error. */
export type Round = (steps: readonly Step[]) => Promise<readonly Answer[]>;

/**
 * A transaction on a connection of its own, READ COMMITTED, in which the statements of a round travel together. Any error
 * rolls it back.
 * @throws EdenError SERVICE_UNAVAILABLE
 */
export function transactInRounds<T>(pool: pg.Pool, work: (round: Round) => Promise<T>): Promise<T> {
  return translated(() => onOwnConnection(pool, work), null);
}

/** The same within a transaction of Prisma's, one statement after the other. */
export function roundsIn(db: Db): Round {
  return async (steps) => {
    const answers: Answer[] = [];
    for (const { sql, reads, check } of steps) {
      const answer = reads === true ? ofRows(await db.$queryRaw<unknown[]>(sql)) : ofCount(await db.$executeRaw(sql));
      check?.(answer);
      answers.push(answer);
    }
    return answers;
  };
}

function ofRows(rows: readonly unknown[]): Answer {
  return { rows, count: rows.length };
}

function ofCount(count: number): Answer {
  return { rows: [], count };
}

async function onOwnConnection<T>(pool: pg.Pool, work: (round: Round) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isReusable = false;
  try {
    // Answered first: without it, each statement behind it would commit by itself.
    await client.query('BEGIN');
    const result = await work((steps) => sendTogether(client, steps));
    await client.query('COMMIT');
    isReusable = true;
    return result;
  } catch (error) {
    isReusable = await isRolledBack(client);
    throw error;
  } finally {
    client.release(!isReusable);
  }
}

async function isRolledBack(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

/** All at once: the server does none of those behind one that fails, as the transaction has failed with it. */
async function sendTogether(client: pg.PoolClient, steps: readonly Step[]): Promise<readonly Answer[]> {
  const results = await sentTogether(client, () => steps.map(({ sql }) => client.query(sql.text, sql.values)));
  return steps.map(({ check }, index) => {
    const result = results[index];
    if (result?.status !== 'fulfilled') throw result?.reason;
    const { rows, rowCount } = result.value;
    const answer = { rows, count: rowCount ?? 0 };
    check?.(answer);
    return answer;
  });
}
