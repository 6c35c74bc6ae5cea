import type { Participant } from './participant.js';

/** A database of which nobody can tell what became of the run in it, and why not. */
export interface Doubt {
  readonly participant: Participant;
  readonly ledger: 'absent' | 'not read';
  readonly details: string;
}

/** Thrown by the commit of a participant that is neither prepared nor committed. */
export class InDoubt extends Error {
  override readonly name = 'InDoubt';
  readonly doubt: Doubt;

  constructor(participant: Participant) {
    super('neither prepared nor committed');
    const details = 'Neither prepared nor in the ledger: it was settled by hand, or the target was restored';
    this.doubt = { participant, ledger: 'absent', details };
  }
}
