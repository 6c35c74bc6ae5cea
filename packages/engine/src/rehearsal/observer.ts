import type { Clock, ParticipantSession, TargetAdapter, TargetPort, TransactionObservation } from '@eden/domain';

/** A lock, and what had it taken. */
export interface SeenLock {
  readonly object: string;
  readonly mode: string;
  readonly step: string;
  /** On the clock of `elapsedMs`: it was taken after that. */
  readonly sinceMs: number;
}

interface Seen {
  readonly locks: Map<string, SeenLock>;
  begin: number | null;
  now: number | null;
}

/** What is being done for a participant, in words. */
type StepOf = (participant: number) => string;

/** Looks on while participants work: behind each statement at what their transactions hold by then. */
export class Observer {
  private readonly seen = new Map<number, Seen>();
  private stepOf: StepOf = () => '';

  constructor(private readonly clock: Pick<Clock, 'elapsedMs'>) {}

  /** Names the steps from here on. */
  names(stepOf: StepOf): void {
    this.stepOf = stepOf;
  }

  /** The targets, whose participants are looked at. */
  over(targets: TargetPort): TargetPort {
    const open =
      (adapter: TargetAdapter): TargetAdapter['openParticipant'] =>
      async (endpoint, spec) =>
        this.observed(await adapter.openParticipant(endpoint, spec), spec.number);
    return {
      checkConfig: (...args) => targets.checkConfig(...args),
      adapter: (kind) => {
        const adapter = targets.adapter(kind);
        return replacing(adapter, { openParticipant: open(adapter) });
      },
    };
  }

  locksOf(participant: number): readonly SeenLock[] {
    return [...this.of(participant).locks.values()];
  }

  walBytesOf(participant: number): number | null {
    const { begin, now } = this.of(participant);
    return begin === null || now === null ? null : Math.max(0, now - begin);
  }

  private observed(session: ParticipantSession, number: number): ParticipantSession {
    return replacing(session, {
      begin: async () => {
        await session.begin();
        // Those of an earlier try at the gates are gone.
        this.seen.set(number, { locks: new Map(), begin: null, now: null });
        this.note(number, await session.observe(), this.clock.elapsedMs());
      },
      run: async (...args) => {
        const sinceMs = this.clock.elapsedMs();
        const result = await session.run(...args);
        this.note(number, await session.observe(), sinceMs);
        return result;
      },
      // Else nobody could look in between.
      sendAhead: () => Promise.resolve([]),
    });
  }

  private note(number: number, observation: TransactionObservation | null, sinceMs: number): void {
    if (observation === null) return;
    const seen = this.of(number);
    seen.begin ??= observation.walPosition;
    seen.now = observation.walPosition;
    for (const { object, mode } of observation.locks) {
      const key = `${object} ${mode}`;
      if (!seen.locks.has(key)) seen.locks.set(key, { object, mode, step: this.stepOf(number), sinceMs });
    }
  }

  private of(number: number): Seen {
    const seen = this.seen.get(number) ?? { locks: new Map<string, SeenLock>(), begin: null, now: null };
    this.seen.set(number, seen);
    return seen;
  }
}

/** The same object, with some methods in the place of its own. */
function replacing<T extends object>(object: T, methods: Partial<T>): T {
  return new Proxy(object, {
    get: (target, name) => {
      const replaced: unknown = Reflect.get(methods, name);
      if (replaced !== undefined) return replaced;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => Reflect.apply(value, target, args);
    },
  });
}
