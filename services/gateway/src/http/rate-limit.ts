import type { LimitedKind, LimitPort, RateLimit, Subject } from '@eden/domain';
import { EdenError } from '@eden/domain';

/**
 * Counts the request for its organization, and tells what is left of the limit, whatever becomes of it.
 * @throws EdenError RATE_LIMITED
 */
export async function countRequest(
  limits: LimitPort,
  { organizationUuid }: Pick<Subject, 'organizationUuid'>,
  kind: LimitedKind,
  tell: (headers: Readonly<Record<string, string>>) => void,
): Promise<void> {
  const limit = await limits.count(organizationUuid, kind);
  if (limit === null) return;
  tell(headersOf(limit));
  if (limit.exceeded) throw new EdenError('RATE_LIMITED', { retry_after_seconds: limit.resetSeconds });
}

function headersOf({ limit, remaining, resetSeconds }: RateLimit): Readonly<Record<string, string>> {
  return {
    'RateLimit-Limit': String(limit),
    'RateLimit-Remaining': String(remaining),
    'RateLimit-Reset': String(resetSeconds),
  };
}
