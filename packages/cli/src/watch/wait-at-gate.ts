import { answerOf, type Connection, type Gate } from '@eden/client';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandError, EXIT } from '../exit-codes.js';
import { inTime } from './in-time.js';

export const GOALS = ['synced', 'approved', 'completed'] as const;
export type Goal = (typeof GOALS)[number];

/** Of one question: shorter than anything in between takes for the end of a connection. */
const LONGEST_QUESTION_SECONDS = 30;
const MS_PER_SECOND = 1000;
/** What a look may take behind the time of the waiting: the last one, which does not wait, is to have its answer. */
const LOOK_MS = 5_000;
/** A gateway that drains answers at once. */
const PAUSE_MS = 200;

export interface GateWish {
  readonly for: Goal;
  readonly missing?: 'wait';
}

export interface Waiting {
  readonly connection: Connection;
  /** Ctrl-C. */
  readonly interrupt: AbortSignal;
  readonly timeoutMs: number | undefined;
}

/**
 * Waits until the gate is open, or a run in doubt keeps it from opening.
 * @throws ApiError when the gate is closed; CommandError when the time is over, or on Ctrl-C
 */
export async function waitAtGate(
  { connection, interrupt, timeoutMs }: Waiting,
  migration: string,
  wish: GateWish,
): Promise<Asked> {
  const deadline = timeoutMs === undefined ? Infinity : Date.now() + timeoutMs;
  for (;;) {
    const leftMs = Math.max(0, deadline - Date.now());
    const wait = Math.min(LONGEST_QUESTION_SECONDS, Math.ceil(leftMs / MS_PER_SECOND));
    const limitMs = timeoutMs === undefined ? undefined : leftMs + LOOK_MS;
    const asked = await inTime(
      limitMs,
      () => tooLate(migration, wish.for),
      (signal) => ask({ connection, signal }, migration, { ...wish, wait }),
    );
    if (asked.isOpen || asked.gate.run?.state === 'in_doubt') return asked;
    if (leftMs === 0) throw tooLate(migration, wish.for);
    await pause(interrupt);
  }
}

function tooLate(migration: string, goal: Goal): CommandError {
  return new CommandError(`${migration} is not ${goal} yet`, 'Wait longer, or see "eden status".', EXIT.timeout);
}

interface Asking {
  readonly connection: Connection;
  readonly signal: AbortSignal | null;
}

interface Question extends GateWish {
  readonly wait: number;
}

export interface Asked {
  readonly isOpen: boolean;
  readonly gate: Gate;
}

/** @throws ApiError when the gate is closed */
async function ask({ connection, signal }: Asking, migration: string, query: Question): Promise<Asked> {
  const params = { path: { migration }, query };
  const asked = connection.GET('/api/v1/migrations/{migration}/gate', { params, signal });
  const gate = await answerOf(asked);
  return { isOpen: (await asked).response.status === 200, gate };
}

async function pause(interrupt: AbortSignal): Promise<void> {
  try {
    await delay(PAUSE_MS, undefined, { signal: interrupt });
  } catch {
    throw new CommandError('Stopped waiting', 'What was waited for goes on.', EXIT.interrupted);
  }
}
