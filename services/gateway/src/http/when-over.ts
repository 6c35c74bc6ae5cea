import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What is to be done when a connection is gone; one listener for each, however many requests stand in line there. */
const endsOf = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls `end` once: when the answer is over or its connection is gone. An answer that stands in line behind another one of its
 * connection has no `close` of its own until its turn comes.
 * @returns ends the waiting, without a call
 */
export function whenOver(res: ServerResponse, end: () => void): () => void {
  const ends = endsAt(res.req.socket);
  const stop = (): void => {
    ends.delete(over);
    res.off('close', over);
  };
  const over = (): void => {
    stop();
    end();
  };
  ends.add(over);
  res.once('close', over);
  return stop;
}

/** Nobody is there to take the answer. */
export function isOver(res: ServerResponse): boolean {
  return res.closed || res.req.socket.destroyed;
}

function endsAt(socket: Socket): Set<() => void> {
  const known = endsOf.get(socket);
  if (known !== undefined) return known;
  const ends = new Set<() => void>();
  endsOf.set(socket, ends);
  socket.once('close', () => {
    for (const end of ends) end();
  });
  return ends;
}
