import type { Participant } from './participant.js';

/** A database of which nobody can tell what became of the run in it, and why not. */
export interface Doubt {
  readonly participant: Participant;
  readonly ledger: 'absent' | 'present' | 'not read';
  readonly details: string;
}

/** Thrown by the commit of a participant that is neither prepared nor committed. */
export class InDoubt extends Error {
  override readonly name = 'InDoubt';
  readonly doubt: Doubt;

  constructor(
    participant: Participant,
    /** Of attempts that have committed there all the same. */
    readonly committed: readonly string[],
  ) {
    super('neither prepared nor committed');
    const details = 'Neither prepared nor in the ledger: it was settled by hand, or the target was restored';
    this.doubt = { participant, ledger: 'absent', details };
  }
}

/** Its witness has nothing of the run, and yet it has committed there. */
export function committedAlone(participant: Participant): Doubt {
  const details =
    'In the ledger, but not in that of the database that commits first: one of them has lost transactions';
  return { participant, ledger: 'present', details };
}
