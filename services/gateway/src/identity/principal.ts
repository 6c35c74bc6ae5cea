import type { Subject } from '@eden/domain';
import type { TokenClaims } from './tokens.js';

/** Who asks, and with what. */
export interface Principal {
  readonly subject: Subject;
  /** Null when they came with a key. */
  readonly token: TokenClaims | null;
}
