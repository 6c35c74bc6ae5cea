import type { ResourceGrant } from '@eden/domain';
import type { z } from 'zod';
import type { grantsSchema, subjectGrantSchema } from '../schemas/identity.js';

/** As they are given. */
export function viewGrants(grants: readonly ResourceGrant[]): z.output<typeof grantsSchema> {
  return { subjects: grants.map(({ user, level }) => [user.username, level]) };
}

export function viewGrant({ user: { username, uuid }, level }: ResourceGrant): z.output<typeof subjectGrantSchema> {
  return { subject: username, uuid, level };
}
