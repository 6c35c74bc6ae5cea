import { EdenError, hasOwnId, type DatabaseIdentity, type Endpoint } from '@eden/domain';
import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';
import { hasSqlstate, SQLSTATE, statementError } from './errors.js';
import { onlyRow } from './guard/rows.js';
import { shortTransaction } from './short-transaction.js';

/** Below what the control database's transaction may take, which waits for it. */
const ANSWER_TIMEOUT_MS = 3_000;

/**
 * A new id for a database that shares its own with others, where it still has that one. Any number of callers may do so
 * at once: one of them does it.
 * @throws EdenError TARGET_RIGHTS_MISSING (context: sql to run), ENDPOINT_UNAVAILABLE
 */
export async function renewIdentity(
  client: ClientBase,
  endpoint: Endpoint,
  shared: DatabaseIdentity,
): Promise<boolean> {
  if (!hasOwnId(shared)) throw new TypeError('there is no id to renew');
  const bound = { lockTimeoutMs: ANSWER_TIMEOUT_MS, statementTimeoutMs: ANSWER_TIMEOUT_MS };
  const renew = `UPDATE _eden.identity SET id = gen_random_uuid(), made_at = now() WHERE id = ${escapeLiteral(shared.key)}`;
  try {
    const [result] = await shortTransaction(client, { ...bound, answerTimeoutMs: ANSWER_TIMEOUT_MS }, [renew]);
    return result?.rowCount === 1;
  } catch (error) {
    if (!hasSqlstate(error, SQLSTATE.insufficientPrivilege)) throw statementError(endpoint.id, error);
    throw await rightsMissing(client, endpoint, error);
  }
}

async function rightsMissing(client: ClientBase, endpoint: Endpoint, cause: unknown): Promise<EdenError> {
  const { role } = onlyRow<{ role: string }>(await client.query('SELECT current_user::text AS role'), { role: 'text' });
  const sql = `GRANT SELECT, UPDATE ON _eden.identity TO ${escapeIdentifier(role)};`;
  return new EdenError('TARGET_RIGHTS_MISSING', { endpoint_id: endpoint.id, sql }, { cause });
}
