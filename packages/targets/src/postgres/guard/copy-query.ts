import { Query, type Connection, type QueryResult } from 'pg';
import type { GuardedConnection } from './guarded-connection.js';
import './pg-internals.js';

/** COPY … FROM STDIN: the driver's query, which answers the server's request with data. */
export class CopyQuery extends Query {
  private hasFailed = false;

  constructor(
    text: string,
    private readonly data: Iterable<Buffer>,
    /** Called once. */
    done: (error: Error | undefined | null, result: QueryResult) => void,
  ) {
    super(text, done);
  }

  override handleCopyInResponse(connection: Connection): void {
    void this.sendData(connection as GuardedConnection);
  }

  override handleError(error: Error, connection: Connection): void {
    this.hasFailed = true;
    super.handleError(error, connection);
  }

  /** The server ignores what still comes after it has failed. */
  private async sendData(connection: GuardedConnection): Promise<void> {
    for (const chunk of this.data) {
      if (this.hasFailed || !(await connection.sendCopyData(chunk))) return;
    }
    if (!this.hasFailed) connection.endCopyFrom();
  }
}
