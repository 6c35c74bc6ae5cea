/**
 * Repeats `ping` while its owner waits for others, so that a server which ends idle transactions ends only those whose
 * owner is gone. A ping that fails is not reported: the owner's next statement meets the same error.
 */
export class KeepAlive {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly intervalMs: number,
    private readonly ping: () => Promise<unknown>,
  ) {}

  resume(): void {
    this.pause();
    this.timer = setInterval(() => void this.ping().catch(() => undefined), this.intervalMs);
    this.timer.unref();
  }

  pause(): void {
    clearInterval(this.timer);
  }
}
