import type { Subject } from '@eden/domain';
import type { Tokens } from '../identity/tokens.js';

/** @throws EdenError AUTHENTICATION_REQUIRED when the login is too long ago */
export function issueToken(tokens: Tokens, subject: Subject, loggedInAt: Date) {
  return { token: tokens.issue(subject, loggedInAt), expires_in: tokens.lifetimeSeconds(loggedInAt) };
}
