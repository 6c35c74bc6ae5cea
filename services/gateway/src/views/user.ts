import type { User } from '@eden/domain';
import type { z } from 'zod';
import type { userSchema } from '../schemas/identity.js';

export function viewUser(user: User): z.output<typeof userSchema> {
  return {
    username: user.username,
    uuid: user.uuid,
    description: user.description,
    access_level: user.accessLevel,
    created_at: user.createdAt.toISOString(),
    updated_at: user.updatedAt.toISOString(),
  };
}
