import { answerOf, waitForRun, type Connection, type Run, type RunEvent } from '@eden/client';
import { describeDuration } from '../durations.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { describeEvent, timeOf } from '../render/run-event.js';
import { progressLines } from '../render/run.js';
import type { Terminal } from '../terminal.js';

export interface Following {
  readonly connection: Connection;
  readonly terminal: Terminal;
  /** Ctrl-C: ends the watching. */
  readonly interrupt: AbortSignal;
  readonly timeoutMs?: number | undefined;
  /** Told of each event as well. */
  readonly onEvent?: (event: RunEvent) => void;
}

/** Sign of life where nobody sees things move. */
const HEARTBEAT_MS = 30_000;
const REDRAW_MS = 500;
/** Of the events, the latest are shown while it runs. */
const LIVE_EVENTS = 3;

/**
 * Watches a run until it has ended or is in doubt: a block that changes in place on a terminal, one line per event and a
 * heartbeat elsewhere.
 * @throws CommandError when Ctrl-C ends the watching; WaitTimeoutError, ApiError
 */
export async function followRun(run: string, following: Following): Promise<Run> {
  const { connection, terminal, interrupt, timeoutMs } = following;
  const display = terminal.isLive ? new LiveDisplay(following, run) : new LineDisplay(terminal);
  try {
    const ended = await waitForRun(connection, run, {
      signal: interrupt,
      onEvent: (event) => {
        display.show(event);
        following.onEvent?.(event);
      },
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    display.conclude(ended);
    return ended;
  } catch (error) {
    if (interrupt.aborted) throw interrupted(run);
    throw error;
  } finally {
    display.end();
  }
}

function interrupted(run: string): CommandError {
  const next = `Watch it with "eden runs logs -f ${run}", end it with "eden migrations cancel".`;
  return new CommandError('Stopped watching; the run goes on', next, EXIT.interrupted);
}

interface Display {
  show(event: RunEvent): void;
  /** What stays to be seen of a run that has ended. */
  conclude(run: Run): void;
  end(): void;
}

class LineDisplay implements Display {
  private readonly startedAt = Date.now();
  private heartbeat: NodeJS.Timeout;
  private last = 'waiting';

  constructor(private readonly terminal: Terminal) {
    this.heartbeat = this.schedule();
  }

  show(event: RunEvent): void {
    this.last = describeEvent(event);
    this.terminal.say(`${timeOf(event.at)} ${this.last}`);
    this.heartbeat.refresh();
  }

  /** The events have said it all. */
  conclude(): void {}

  end(): void {
    clearInterval(this.heartbeat);
  }

  private schedule(): NodeJS.Timeout {
    const beat = (): void => {
      const now = timeOf(new Date().toISOString());
      this.terminal.say(`${now} still at it after ${describeDuration(Date.now() - this.startedAt)} (${this.last})`);
    };
    return setInterval(beat, HEARTBEAT_MS);
  }
}

class LiveDisplay implements Display {
  private readonly startedAt = Date.now();
  private readonly timer: NodeJS.Timeout;
  private events: readonly RunEvent[] = [];
  private run: Run | null = null;
  private reading = false;
  private readonly ending = new AbortController();

  constructor(
    private readonly following: Following,
    private readonly uuid: string,
  ) {
    this.timer = setInterval(() => void this.refresh(), REDRAW_MS);
  }

  show(event: RunEvent): void {
    this.events = [...this.events, event].slice(-LIVE_EVENTS);
    this.draw();
  }

  conclude(run: Run): void {
    const lines = progressLines(this.following.terminal, run);
    if (lines.length > 0) this.following.terminal.say(lines.join('\n'));
  }

  end(): void {
    clearInterval(this.timer);
    this.ending.abort();
    this.following.terminal.clearLive();
  }

  /** The events say little of what is in progress: the run itself is read as well. */
  private async refresh(): Promise<void> {
    this.draw();
    if (this.reading) return;
    this.reading = true;
    try {
      const [path, { signal }] = [{ run: this.uuid }, this.ending];
      const { data } = await answerOf(
        this.following.connection.GET('/api/v1/runs/{run}', { params: { path }, signal }),
      );
      this.run = data;
    } catch {
      // The next look, or the waiting itself, says what is wrong.
    } finally {
      this.reading = false;
    }
  }

  private draw(): void {
    const { terminal } = this.following;
    const elapsed = describeDuration(Date.now() - this.startedAt);
    const head = this.run === null ? `run ${this.uuid}` : `${this.run.migration_id} ${this.run.kind} ${this.run.state}`;
    const events = this.events.map((event) => `  ${timeOf(event.at)} ${describeEvent(event)}`);
    const progress = this.run === null ? [] : progressLines(terminal, this.run);
    terminal.showLive([`${head.replaceAll('_', ' ')}, ${elapsed}`, ...progress, ...events]);
  }
}
