import type { Subject, User } from '@eden/domain';
import type { z } from 'zod';
import type { userSchema } from '../schemas/identity.js';
import { actionsOnUser } from './actions.js';

type UserView = z.output<typeof userSchema>;

/** What people and robots have both. */
export function viewMember(user: User): Omit<UserView, 'actions'> {
  return {
    username: user.username,
    uuid: user.uuid,
    description: user.description,
    access_level: user.accessLevel,
    created_at: user.createdAt.toISOString(),
    updated_at: user.updatedAt.toISOString(),
  };
}

export function viewUser(subject: Subject, user: User): UserView {
  return { ...viewMember(user), actions: actionsOnUser(subject, user) };
}
