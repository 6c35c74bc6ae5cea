import { outcomeOf, type Outcome, type OwnedRun, type RunStepName, type Uuid } from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { roundsIn, type Step } from '../rounds.js';
import { changeDefinitions } from './definitions.js';
import { moveMigrationStep, transitionStep, type Change } from './transition.js';

/** A step that ends an attempt or decides it, with what it does to the migration. @throws EdenError FENCED */
export async function reach<Name extends RunStepName>(
  db: Db,
  owned: OwnedRun,
  name: Name,
  change: Change<Name>,
): Promise<void> {
  await roundsIn(db)(reachSteps(owned, name, change));
}

/** The same, to go with others. */
export function reachSteps<Name extends RunStepName>(
  owned: OwnedRun,
  name: Name,
  change: Change<Name>,
): readonly Step[] {
  const { kind, migrationUuid } = owned.run;
  const outcome = outcomeOf(name, kind);
  const moved = transitionStep(owned, name, change);
  if (outcome === null) return [moved];
  return [...moveState(owned, outcome), moved, ...moveMembersSteps(migrationUuid, outcome)];
}

function moveState(owned: OwnedRun, { migration }: Outcome): readonly Step[] {
  return migration === 'same' ? [] : [moveMigrationStep(owned, Prisma.sql`state = ${migration}`)];
}

type MembersOutcome = Pick<Outcome, 'memberships' | 'definitions'>;

/** The members, and what these APIs do. */
export async function moveMembers(db: Db, migrationUuid: Uuid, outcome: MembersOutcome): Promise<void> {
  await roundsIn(db)(moveMembersSteps(migrationUuid, outcome));
}

/** The same, to go with others. */
export function moveMembersSteps(migrationUuid: Uuid, { memberships, definitions }: MembersOutcome): readonly Step[] {
  const changed = changeDefinitions(migrationUuid, definitions);
  if (memberships === 'leave') return changed;
  // An API that is in another migration by now is refused by the unique index of active memberships.
  const sql = Prisma.sql`
    UPDATE memberships SET active = ${memberships === 'take'} WHERE migration_uuid = ${migrationUuid}::uuid`;
  return [...changed, { sql }];
}
