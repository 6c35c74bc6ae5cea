import { Client, type ClientConfig, type QueryConfig, type QueryResult } from 'pg';
import type { AnswerLimits } from './answer-limits.js';
import { jsonTypes } from '../values.js';
import type { Exchange } from './conversation.js';
import { CopyQuery } from './copy-query.js';
import { GuardedConnection } from './guarded-connection.js';
import { RowWork } from './row-work.js';

const WITHOUT_ROWS: Exchange = { dropRows: true };
const COPY_OUT: Exchange = { dropRows: true, copies: 'out' };
const COPY_IN: Exchange = { dropRows: true, copies: 'in' };

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

  /**
   * As `query`; rows, or what COPY … TO STDOUT gives, are dropped unread as they stream and do not count, whatever their
   * size and number.
   */
  queryWithoutRows(query: QueryConfig, answer: 'discard' | 'copy' = 'discard'): Promise<QueryResult> {
    // In a pipeline a query is sent at once, so nothing else can be sent meanwhile.
    return this.guarded.asking(answer === 'copy' ? COPY_OUT : WITHOUT_ROWS, () => this.query(query));
  }

  /** Runs COPY … FROM STDIN with its data; answers how many rows were copied. */
  copyIn(text: string, data: Iterable<Buffer>): Promise<number> {
    return new Promise((resolve, reject) => {
      const query = new CopyQuery(text, data, (error, result) =>
        error ? reject(error) : resolve(result.rowCount ?? 0),
      );
      this.guarded.asking(COPY_IN, () => this.query(query));
    });
  }

  /** Cuts the session off, whatever it is doing. The server notices and rolls back. */
  sever(): void {
    this.guarded.breakOff();
  }
}
