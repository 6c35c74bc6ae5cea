/**
 * How long no quorum of masters has answered this process, over all its requests. The first request of an outage waits
 * for the grace; those that follow learn at their first attempt that waiting makes no sense.
 */
export class Outage {
  private since = 0;
  private latest = -Infinity;

  constructor(private readonly graceMs: number) {}

  note(isAnswered: boolean): void {
    const now = performance.now();
    // After a pause of all requests nobody knows whether it is still the same outage.
    if (now - this.latest > this.graceMs) this.since = now;
    this.latest = isAnswered ? -Infinity : now;
  }

  get isLong(): boolean {
    return this.latest - this.since >= this.graceMs;
  }
}
