import { exchange, NotConnected, type MakeSocket } from './exchange.js';

/** For a try as a whole, from the name's lookup to the status. */
const TIMEOUT_MS = 10_000;

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly socket: MakeSocket;
}

/**
 * Posts over a connection of its own, to the very address that was checked, and answers the status. Follows no redirect,
 * and reads nothing of the answer but its head.
 * @throws what kept a status from coming
 */
export async function post(wanted: Post, stop: AbortSignal): Promise<number> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const { status } = await exchange({ ...wanted, method: 'POST' }, AbortSignal.any([timeout, stop]));
    return status;
  } catch (error) {
    if (timeout.aborted && !stop.aborted) {
      throw new Error(`no answer within ${TIMEOUT_MS / 1000} s`, { cause: error });
    }
    throw error instanceof NotConnected ? error.cause : error;
  }
}
