import { Redis } from 'ioredis';

/**
 * Sends the commands of one turn of the event loop in one write. Half of what a lock costs its process is the system
 * call that sends a command; answers that come together wake up requests that ask together.
 */
export class BatchingRedis extends Redis {
  private isBatching = false;

  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    if (!this.isBatching && this.status === 'ready') this.batch();
    return super.sendCommand(...args);
  }

  private batch(): void {
    const { stream } = this;
    this.isBatching = true;
    stream.cork();
    // Runs when all that is ready to go on has gone on.
    process.nextTick(() => {
      this.isBatching = false;
      stream.uncork();
    });
  }
}
