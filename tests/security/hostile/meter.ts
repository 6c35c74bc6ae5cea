const TICK_MS = 5;

/** How long the event loop was busy at a stretch, and how large the process became, since it was made. */
export class Meter {
  private readonly startedAt = performance.now();
  private readonly rssAtStart = process.memoryUsage.rss();
  private readonly timer: NodeJS.Timeout;
  private lastTickAt = performance.now();
  private lastCpuMs = cpuMs();
  private blockedMs = 0;
  private rss = this.rssAtStart;

  constructor() {
    this.timer = setInterval(() => {
      this.tick();
    }, TICK_MS);
  }

  /** Ends the measurement. */
  read(): { elapsedMs: number; blockedMs: number; grownBytes: number } {
    this.tick();
    clearInterval(this.timer);
    return {
      elapsedMs: Math.round(performance.now() - this.startedAt),
      blockedMs: Math.round(this.blockedMs),
      grownBytes: this.rss - this.rssAtStart,
    };
  }

  /** On a machine that is busy with others, a late tick says nothing: what counts is what this process has worked. */
  private tick(): void {
    const [now, cpu] = [performance.now(), cpuMs()];
    this.blockedMs = Math.max(this.blockedMs, Math.min(now - this.lastTickAt, cpu - this.lastCpuMs));
    this.rss = Math.max(this.rss, process.memoryUsage.rss());
    [this.lastTickAt, this.lastCpuMs] = [now, cpu];
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
