import type { ParticipantClass } from '@eden/domain';
import type { CommitClass } from './commit-class.js';
import { lastResource } from './last-resource.js';
import type { Participant } from './participant.js';
import { twoPhase } from './two-phase.js';

const CLASSES: Readonly<Record<ParticipantClass, CommitClass>> = {
  'two-phase': twoPhase,
  'last-resource': lastResource,
};

/** Who has the word in a run: a class that can only commit by itself comes before one that follows. */
const BY_WORD: readonly CommitClass[] = [lastResource, twoPhase];

export function classOf({ row }: Participant): CommitClass {
  return CLASSES[row.class];
}

/** The class whose participant decides the run; a run without databases is decided like a prepared one. */
export function decidingClass(participants: readonly Participant[]): CommitClass {
  return BY_WORD.find(({ name }) => participants.some(({ row }) => row.class === name)) ?? twoPhase;
}
