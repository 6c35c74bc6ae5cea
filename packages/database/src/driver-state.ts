import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type pg from 'pg';

/** What pg keeps on a client, and its types leave out. */
export interface DriverState {
  readonly connection: EventEmitter & { readonly stream: Socket };
  /** False from a query to the end of its answer. */
  readonly readyForQuery: boolean;
  /** Whether queries are sent before the one ahead is answered. */
  pipeline: boolean;
}

const GOODBYE_MS = 1_500;

export function driverStateOf(client: pg.ClientBase): DriverState {
  return client as unknown as DriverState;
}

/** Says goodbye, and does not wait for ever until a server that hangs has said it, too. */
export function leave(client: pg.Client): Promise<void> {
  const { stream } = driverStateOf(client).connection;
  stream.setTimeout(GOODBYE_MS, () => stream.destroy());
  return client.end();
}
