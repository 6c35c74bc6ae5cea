import { Query, type Connection, type QueryResult } from 'pg';
import type { GuardedConnection } from './guarded-connection.js';
import './pg-internals.js';

/**
 * COPY … FROM STDIN by Parse, Bind and Execute, so that the server refuses a second statement in the text: the driver's
 * query, which answers the server's request with data. Its one Sync follows the data, or what went wrong before.
 */
export class CopyQuery extends Query {
  private hasFailed = false;
  private isSynced = false;

  constructor(
    text: string,
    private readonly data: Iterable<Buffer>,
    /** Called once. */
    done: (error: Error | undefined | null, result: QueryResult) => void,
  ) {
    super({ text, queryMode: 'extended' }, done);
  }

  override handleCopyInResponse(connection: Connection): void {
    void this.sendData(connection as GuardedConnection);
  }

  override handleError(error: Error, connection: Connection): void {
    this.hasFailed = true;
    this.sync(connection as GuardedConnection);
    super.handleError(error, connection);
  }

  /** Without the driver's Sync, which the server would pass over while it takes data. */
  override _getRows(connection: Connection): void {
    connection.execute({ portal: this.portal }, false);
    connection.flush();
  }

  private sync(connection: GuardedConnection): void {
    if (this.isSynced) return;
    this.isSynced = true;
    connection.syncAnswered();
  }

  /** The server ignores what still comes after it has failed. */
  private async sendData(connection: GuardedConnection): Promise<void> {
    for (const chunk of this.data) {
      if (this.hasFailed || !(await connection.sendCopyData(chunk))) return;
    }
    if (this.hasFailed) return;
    connection.endCopyFrom();
    this.sync(connection);
  }
}
