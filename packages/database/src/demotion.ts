import type { Socket } from 'node:net';
import type pg from 'pg';
import type { ControlHosts } from './control-hosts.js';
import { driverStateOf } from './driver-state.js';

/** read_only_sql_transaction: what a primary says of writes once it is one no longer. */
const READ_ONLY = '25006';

export function saysReadOnly(error: unknown): boolean {
  return (error as { code?: unknown }).code === READ_ONLY;
}

/**
 * A server that was the primary and takes no writes any more keeps its connections, and every write on them fails for as
 * long as they live. The first that says so ends all of them, behind its own answer, and those of whoever listens to
 * `hosts`: the next statement connects anew, and so to whoever is the primary now.
 */
export function watchForDemotion(pool: pg.Pool, hosts: ControlHosts): void {
  const streams = new Set<Socket>();
  hosts.onDemoted(() => {
    for (const stream of streams) stream.destroy();
  });
  pool.on('connect', (client) => {
    const { connection } = driverStateOf(client);
    const { stream } = connection;
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
    connection.on('errorMessage', (message: unknown) => {
      if (!saysReadOnly(message)) return;
      hosts.forget();
      setImmediate(() => hosts.demoted());
    });
  });
}
