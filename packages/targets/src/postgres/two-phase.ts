import { EdenError } from '@eden/domain';
import { escapeLiteral, type QueryResult } from 'pg';
import { endpointUnavailable, hasSqlstate, SQLSTATE } from './errors.js';
import { ProtocolViolation } from './guard/guard-errors.js';
import type { GuardedClient } from './guard/guarded-client.js';
import { DURABLY } from './sql.js';
import type { Transaction } from './transaction.js';

const PREPARED = 'PREPARE TRANSACTION';

/**
 * PREPARE TRANSACTION behind `statements`, in one message. In a failed transaction it answers ROLLBACK, without an
 * error, and has forgotten everything: only the command tag tells.
 * @throws EdenError TEMPLATE_EXECUTION_FAILED for any other tag
 */
export async function prepareTransaction(
  client: GuardedClient,
  transaction: Transaction,
  preparedId: string,
  statements: readonly string[] = [],
): Promise<void> {
  const prepare = `${PREPARED} ${escapeLiteral(preparedId)}`;
  const tag = await lastTag(client, () => transaction.sendTogether(...statements, prepare));
  if (tag === PREPARED) return;
  throw new EdenError('TEMPLATE_EXECUTION_FAILED', {
    sqlstate: SQLSTATE.inFailedTransaction,
    message: `the transaction had failed and could not be prepared (the server answered ${tag})`,
  });
}

/**
 * COMMIT of a transaction that nobody prepares. In a failed transaction it answers ROLLBACK, without an error.
 * @throws EdenError TEMPLATE_EXECUTION_FAILED for any other tag than COMMIT
 */
export async function commitTransaction(client: GuardedClient, answerTimeoutMs: number): Promise<void> {
  // The driver takes the bound per query, too; its types know it of sessions only.
  const query = { text: `${DURABLY}; COMMIT`, query_timeout: answerTimeoutMs };
  // One message of several statements gives a list, which the driver's types do not know.
  const results: unknown = await client.query(query);
  if (!Array.isArray(results) || results.length !== 2)
    throw new ProtocolViolation('not every statement has its answer');
  const [, { command }] = results as [QueryResult, QueryResult];
  if (command === 'COMMIT') return;
  throw new EdenError('TEMPLATE_EXECUTION_FAILED', {
    sqlstate: SQLSTATE.inFailedTransaction,
    message: `the transaction had failed and could not be committed (the server answered ${command})`,
  });
}

/** The whole tag of the last command of `work`; the driver's results keep its first word only. */
async function lastTag(client: GuardedClient, work: () => Promise<unknown>): Promise<string> {
  let tag = '';
  const listen = (message: { text: string }) => (tag = message.text);
  client.connection.on('commandComplete', listen);
  try {
    await work();
    return tag;
  } finally {
    client.connection.off('commandComplete', listen);
  }
}

/** How a prepared transaction is to be finished. */
export interface Finish {
  readonly verb: 'COMMIT' | 'ROLLBACK';
  readonly preparedId: string;
  readonly endpointId: string;
  /** Longest wait for the answer; the session is cut off then. */
  readonly answerTimeoutMs: number;
}

/**
 * COMMIT PREPARED or ROLLBACK PREPARED: true when done, false for an id that is unknown here. Everything else may pass
 * and means: later. That is 55000 (another session is just at it), 55P03, 08…, 53300 and 57P0. by name; but behind the
 * commit point there is no error at all that would allow to stop.
 * @throws EdenError ENDPOINT_UNAVAILABLE
 */
export async function finishPrepared(client: GuardedClient, finish: Finish): Promise<boolean> {
  // The driver takes the bound per query, too; its types know it of sessions only.
  const query = {
    text: `${finish.verb} PREPARED ${escapeLiteral(finish.preparedId)}`,
    query_timeout: finish.answerTimeoutMs,
  };
  try {
    await client.query(query);
    return true;
  } catch (error) {
    if (hasSqlstate(error, SQLSTATE.undefinedObject)) return false;
    throw endpointUnavailable(finish.endpointId, error);
  }
}
