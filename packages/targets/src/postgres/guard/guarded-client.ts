import { Client, type ClientConfig, type QueryConfig, type QueryResult } from 'pg';
import type { AnswerLimits } from './answer-limits.js';
import { jsonTypes } from '../values.js';
import { GuardedConnection } from './guarded-connection.js';
import { RowWork } from './row-work.js';

/** The only client of targets: the driver's, on a guarded connection. */
export class GuardedClient extends Client {
  /** The same as `connection`. */
  readonly guarded: GuardedConnection;

  constructor(config: ClientConfig, limits: AnswerLimits) {
    const work = new RowWork();
    const connection = new GuardedConnection(config, limits, work);
    super({ ...config, pipeline: true, types: jsonTypes(work), connection });
    this.guarded = connection;
    // A session that dies while nobody waits for it would end the process; its next query tells its owner.
    this.on('error', () => undefined);
  }

  /** As `query`; rows are dropped unread as they stream and do not count, whatever their size and number. */
  queryWithoutRows(query: QueryConfig): Promise<QueryResult> {
    // In a pipeline a query is sent at once, so nothing else can be sent meanwhile.
    return this.guarded.droppingRows(() => this.query(query));
  }

  /** Cuts the session off, whatever it is doing. The server notices and rolls back. */
  sever(): void {
    this.guarded.breakOff();
  }
}
