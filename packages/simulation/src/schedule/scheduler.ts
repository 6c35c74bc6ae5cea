/** Something that happens at a moment of simulated time, unless it is prevented. */
export interface Scheduled {
  cancel(): void;
}

interface Event extends Scheduled {
  readonly at: number;
  /** Of two at one moment the earlier scheduled one comes first. */
  readonly order: number;
  work: (() => void) | null;
  /** Whether a process gets something: then it may go on. */
  readonly wakes: boolean;
}

/**
 * Simulated time: every answer of a port, every effect and every timer is an event of this one queue, in milliseconds.
 * Between two events all promises run dry: what follows from an event without waiting for another one is part of it.
 */
export class Scheduler {
  now = 0;
  steps = 0;
  private readonly heap: Event[] = [];
  private scheduled = 0;

  schedule(delayMs: number, work: () => void, wakes = false): Scheduled {
    const event: Event = {
      at: this.now + Math.max(0, delayMs),
      order: (this.scheduled += 1),
      work,
      wakes,
      cancel: () => {
        event.work = null;
      },
    };
    this.push(event);
    return event;
  }

  /** Takes event after event, until `isOver` or none is left. */
  async run(isOver: () => boolean): Promise<void> {
    await turn();
    while (!isOver()) {
      const event = this.pop();
      if (event === undefined) return;
      await this.take(event);
    }
  }

  /** Takes what is due by then; time goes on also where nothing happens. */
  async runUntil(ms: number): Promise<void> {
    for (let [next] = this.heap; next !== undefined && next.at <= ms; [next] = this.heap) {
      const event = this.pop();
      if (event !== undefined) await this.take(event);
    }
    this.now = Math.max(this.now, ms);
  }

  private async take(event: Event): Promise<void> {
    const { work } = event;
    if (work === null) return;
    event.work = null;
    this.now = Math.max(this.now, event.at);
    this.steps += 1;
    work();
    if (event.wakes) await turn();
  }

  private push(event: Event): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, event)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  private pop(): Event | undefined {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    this.sink(last);
    return first;
  }

  private sink(event: Event): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (left === undefined) break;
      if (right !== undefined && isBefore(right, left)) child += 1;
      const least = heap[child];
      if (least === undefined || isBefore(event, least)) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = event;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** The event loop's next turn comes when no promise has anything left to do. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
