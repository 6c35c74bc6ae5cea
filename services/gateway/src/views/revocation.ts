import type { Revocation } from '@eden/domain';
import type { z } from 'zod';
import type { revocationSchema } from '../schemas/revocation.js';

export function viewRevocation(revocation: Revocation): z.output<typeof revocationSchema> {
  const { uuid, subject, reason, revokedBy, createdAt } = revocation;
  return { uuid, subject, reason, revoked_by: revokedBy, created_at: createdAt.toISOString() };
}
