import type { EventEmitter } from 'node:events';

/** Whoever reads our output may have seen enough, as `head` has; what is under way goes on. */
export function outliveReader(stream: EventEmitter): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
