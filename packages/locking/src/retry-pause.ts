import type { Redis } from 'ioredis';

/**
 * The pause between two attempts of a request: over after some time, or as soon as a quorum of masters has called it. A
 * minority is not enough: the others may still have to hear of the release, and two attempts that miss it cost more than
 * one that comes a moment later. The grants of a minority that a failed attempt gives back never call their own request.
 */
export class RetryPause {
  private readonly callers = new Set<Redis>();
  private end: (() => void) | undefined;

  constructor(private readonly quorum: number) {}

  get isUnderWay(): boolean {
    return this.end !== undefined;
  }

  /** An attempt begins, which will learn whatever masters have called for so far. */
  restart(): void {
    this.callers.clear();
  }

  /** A master calls: what stood in the way there is gone. Also heard while the attempt before is under way. */
  call(master: Redis): void {
    this.callers.add(master);
    if (this.isCalled) this.finish();
  }

  /** Ends the pause that is under way, if one is. */
  finish(): void {
    this.end?.();
  }

  async last(ms: number): Promise<void> {
    if (this.isCalled) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.end = () => (clearTimeout(timer), resolve());
    });
    this.end = undefined;
  }

  private get isCalled(): boolean {
    return this.callers.size >= this.quorum;
  }
}
