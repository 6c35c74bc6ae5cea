import { Client, type ClientConfig, type QueryConfig, type QueryResult } from 'pg';
import type { AnswerLimits } from '../../answer-limits.js';
import { jsonTypes } from '../values.js';
import type { Exchange } from './conversation.js';
import { CopyQuery } from './copy-query.js';
import { GuardedConnection } from './guarded-connection.js';
import { RowWork } from './row-work.js';

/** By what becomes of the rows: `copy`, they are what COPY … TO STDOUT gives. */
const EXCHANGES = {
  keep: { dropRows: false },
  discard: { dropRows: true },
  copy: { dropRows: true, copies: 'out' },
} as const satisfies Readonly<Record<string, Exchange>>;
const COPY_IN: Exchange = { dropRows: true, copies: 'in' };

/** The only client of targets: the driver's, on a guarded connection. */
export class GuardedClient extends Client {
  /** The same as `connection`. */
  readonly guarded: GuardedConnection;
  /** What reading its rows costs. */
  readonly rowWork: RowWork;

  constructor(config: ClientConfig, limits: AnswerLimits) {
    const work = new RowWork();
    const connection = new GuardedConnection(config, limits, work);
    super({ ...config, pipeline: true, types: jsonTypes(work), connection });
    this.guarded = connection;
    this.rowWork = work;
    // A session that dies while nobody waits for it would end the process; its next query tells its owner.
    this.on('error', () => undefined);
  }

  /**
   * As `query`; what is not kept is dropped unread as it streams and does not count, whatever its size and number.
   * @param ended Called at the end of the answer, before anything that comes behind it.
   */
  ask(query: QueryConfig, rows: keyof typeof EXCHANGES, ended?: Exchange['ended']): Promise<QueryResult> {
    const exchange = ended === undefined ? EXCHANGES[rows] : { ...EXCHANGES[rows], ended };
    // In a pipeline a query is sent at once, so nothing else can be sent meanwhile.
    return this.guarded.asking(exchange, () => this.query(query));
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

  /** Its number as the server has told it when it let us in; a pooler tells one of its own. */
  get backend(): number | null {
    return (this as unknown as { readonly processID: number | null }).processID;
  }

  /** Cuts the session off, whatever it is doing. The server notices and rolls back. */
  sever(): void {
    this.guarded.breakOff();
  }
}
