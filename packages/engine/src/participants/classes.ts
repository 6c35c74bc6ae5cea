import { PARTICIPANT_CLASSES } from '@eden/domain';
import type { ParticipantClass } from '@eden/domain';
import type { CommitClass } from './commit-class.js';
import { lastResource } from './last-resource.js';
import type { Participant } from './participant.js';
import { twoPhase } from './two-phase.js';

const CLASSES: Readonly<Record<ParticipantClass, CommitClass>> = {
  'two-phase': twoPhase,
  'last-resource': lastResource,
};

export function classOf({ row }: Participant): CommitClass {
  return CLASSES[row.class];
}

/** The class whose participant decides the run; a run without databases is decided like a prepared one. */
export function decidingClass(participants: readonly Participant[]): CommitClass {
  const deciding = PARTICIPANT_CLASSES.find((name) => participants.some(({ row }) => row.class === name));
  return CLASSES[deciding ?? 'two-phase'];
}
