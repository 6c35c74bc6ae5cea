import type pg from 'pg';
import { clientOf, type ControlHosts } from './control-hosts.js';
import { sentTogether } from './sent-together.js';
import { SET_FOR_TRANSACTION } from './session-settings.js';

/*
 * Behind a pooler a session is lent for one transaction at a time, and what was set or prepared on it is gone, or somebody
 * else's, with the next one (docs/adr/0063). So each statement brings its settings, in a transaction that is ended with it.
 */

type Query = string | pg.QueryConfig;
type Send = (query: Query, values?: unknown[]) => Promise<pg.QueryResult>;
type Answered = (error: Error | null, result?: pg.QueryResult) => void;

/** A client for servers behind a pooler: names no statement, and needs nothing of the transaction before. */
export function lentClientOf(hosts: ControlHosts): typeof pg.Client {
  const Hosted = clientOf(hosts);
  const queryOf = Hosted.prototype.query as (...given: unknown[]) => Promise<pg.QueryResult>;
  class LentClient extends Hosted {}
  LentClient.prototype.query = function query(this: pg.Client, ...given: unknown[]) {
    const callback = given.find((each): each is Answered => typeof each === 'function');
    const [query, values] = given.filter((each) => each !== callback) as [Query, unknown[]?];
    const answer = inTransaction(this, (...sent) => queryOf.apply(this, sent), unnamed(query), values);
    if (callback === undefined) return answer;
    answer.then((result) => callback(null, result), callback);
    return undefined;
  } as pg.Client['query'];
  return LentClient;
}

function unnamed(query: Query): Query {
  return typeof query === 'string' ? query : { ...query, name: undefined };
}

/** A transaction that the caller has begun goes on; one statement alone gets its own. */
function inTransaction(client: pg.Client, send: Send, query: Query, values?: unknown[]): Promise<pg.QueryResult> {
  if (client.getTransactionStatus() !== 'I') return send(query, values);
  const text = typeof query === 'string' ? query : query.text;
  if (text === 'BEGIN') return answerTo(0, client, () => [send(query, values), send(SET_FOR_TRANSACTION)]);
  // Where the first of them fails, so do the others, and nothing is committed.
  return answerTo(1, client, () => [send(`BEGIN;${SET_FOR_TRANSACTION}`), send(query, values), send('COMMIT')]);
}

/** @throws what the first that fails has failed with */
async function answerTo(
  at: number,
  client: pg.Client,
  send: () => readonly Promise<pg.QueryResult>[],
): Promise<pg.QueryResult> {
  const results = (await sentTogether(client, send)).map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  return results[at] as pg.QueryResult;
}
