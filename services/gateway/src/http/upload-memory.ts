import type { IncomingMessage } from 'node:http';
import { EdenError } from '@eden/domain';

/** Bytes of all uploads that a process holds at once. */
const MEMORY = 192 * 1024 * 1024;

/**
 * What uploads may take of a process's memory. Each takes its share before a byte of it is read, and gives it back once it
 * has been answered: as much as it says it has, or as the largest has where it does not say.
 */
export class UploadMemory {
  private held = 0;

  constructor(private readonly limit = MEMORY) {}

  /**
   * @param largest Bytes of the largest upload that is taken.
   * @throws EdenError SERVICE_UNAVAILABLE (Retry-After) while others hold too much
   */
  async during<T>(req: IncomingMessage, largest: number, work: () => Promise<T>): Promise<T> {
    const size = sizeOf(req, largest);
    if (this.held + size > this.limit) {
      // Whoever still sends hears of it once the rest has passed by.
      req.resume();
      throw busy();
    }
    this.held += size;
    try {
      return await work();
    } finally {
      this.held -= size;
    }
  }
}

function sizeOf({ headers }: IncomingMessage, largest: number): number {
  const length = Number(headers['content-length'] ?? largest);
  return Math.min(Number.isFinite(length) ? length : largest, largest);
}

function busy(): EdenError {
  return new EdenError('SERVICE_UNAVAILABLE', {
    details: 'Uploads of others take all the memory that there is for them',
    suggestion: 'Send it again in a few seconds',
    retry_after_seconds: 5,
  });
}
