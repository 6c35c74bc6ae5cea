import type { EventEmitter } from 'node:events';

/* What the driver has and its types do not know. */
declare module 'pg' {
  interface Connection {
    /** Reads messages from what `stream` emits as `data`, and emits one event for each. After TLS, where there is TLS. */
    attachListeners(stream: EventEmitter): void;
    endCopyFrom(): void;
    sendCopyFail(reason: string): void;
  }

  interface Query {
    readonly portal: string;
    /** Sends Execute, and what makes the server answer. */
    _getRows(connection: Connection): void;
    handleCopyInResponse(connection: Connection): void;
    handleError(error: Error, connection: Connection): void;
  }

  interface QueryConfig {
    /** `extended`: by Parse, Bind and Execute, also without values: the server refuses a second statement in the text. */
    queryMode?: 'extended';
  }

  interface ClientConfig {
    connection?: Connection | undefined;
  }
}
