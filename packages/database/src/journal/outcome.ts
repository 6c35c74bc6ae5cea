import { outcomeOf, type Outcome, type OwnedRun, type RunStepName, type Uuid } from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { changeDefinitions } from './definitions.js';
import { moveMigration, transition, type Change } from './transition.js';

/** A step that ends an attempt or decides it, with what it does to the migration. @throws EdenError FENCED */
export async function reach<Name extends RunStepName>(
  db: Db,
  owned: OwnedRun,
  name: Name,
  change: Change<Name>,
): Promise<void> {
  const { kind, migrationUuid } = owned.run;
  const outcome = outcomeOf(name, kind);
  if (outcome !== null) await moveState(db, owned, outcome);
  await transition(db, owned, name, change);
  if (outcome !== null) await moveMembers(db, migrationUuid, outcome);
}

async function moveState(db: Db, owned: OwnedRun, { migration }: Outcome): Promise<void> {
  if (migration !== 'same') await moveMigration(db, owned, Prisma.sql`state = ${migration}`);
}

/** The members, and what these APIs do. */
export async function moveMembers(
  db: Db,
  migrationUuid: Uuid,
  { memberships, definitions }: Pick<Outcome, 'memberships' | 'definitions'>,
): Promise<void> {
  await changeDefinitions(db, migrationUuid, definitions);
  if (memberships === 'leave') return;
  // An API that is in another migration by now is refused by the unique index of active memberships.
  await db.membership.updateMany({ where: { migrationUuid }, data: { active: memberships === 'take' } });
}
