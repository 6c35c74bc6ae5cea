import { existsSync, readFileSync } from 'node:fs';

const TICK_MS = 5;
/** Nanoseconds on a processor, nanoseconds waiting for one, time slices. */
const SCHEDULING = '/proc/self/schedstat';

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

/** Of the thread of JavaScript alone, where the system tells; the collector's threads work beside it. */
function cpuMs(): number {
  if (existsSync(SCHEDULING)) return Number(readFileSync(SCHEDULING, 'utf8').split(' ')[0]) / 1e6;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
