import type { Endpoint, ParticipantSession, RunParticipant } from '@eden/domain';
import type { Ownership } from '../control/ownership.js';
import type { EngineDeps } from '../deps.js';

/** One database of a run, from T1 to the run's end. */
export interface Participant {
  /** As the control database has it. */
  readonly row: RunParticipant;
  /** The way to the database. */
  readonly endpoint: Endpoint;
  /** Its transaction, where this process has one open or has prepared it. */
  readonly session: ParticipantSession | null;
}

/** One whose transaction is open. */
export interface OpenParticipant extends Participant {
  readonly session: ParticipantSession;
}

/** A run whose databases this process brings to their end. */
export interface Settling {
  readonly deps: EngineDeps;
  readonly ownership: Ownership;
  /** In the order of their numbers. */
  readonly participants: readonly Participant[];
  /**
   * This process began the attempt and has not sent T2: nobody else can decide for its token, so that it may be undone in
   * whatever order.
   */
  readonly isUnsent: boolean;
  /** Once it is aborted, what is not finished is left to whoever adopts the run. */
  readonly stop: AbortSignal;
}

export async function closeAll(participants: readonly Participant[]): Promise<void> {
  await Promise.all(participants.flatMap(({ session }) => session?.close() ?? []));
}
