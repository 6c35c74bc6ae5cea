import { hkdfSync } from 'node:crypto';

const BYTES = 32;
const PURPOSE = 'eden-migrations tokens and tickets';

interface SigningValues {
  readonly JWT_SECRET?: string | undefined;
  readonly JWT_SECRET_PREVIOUS?: string | undefined;
  /** The one of now, and the one before it while it is rotated. */
  readonly ENCRYPTION_KEY: readonly Buffer[];
}

export interface SigningSecrets {
  readonly jwtSecret: string;
  /** Signs no more, and its tokens are good until they expire. */
  readonly jwtSecretPrevious: string | undefined;
}

/**
 * What signs the tokens of logins here, of dashboards and of gates. Beside an identity provider nobody has to name it: then
 * it follows from the encryption key, which all gateways share, and is exchanged with it.
 */
export function signingSecrets({ JWT_SECRET, JWT_SECRET_PREVIOUS, ENCRYPTION_KEY }: SigningValues): SigningSecrets {
  const [current, previous] = JWT_SECRET === undefined ? ENCRYPTION_KEY.map(derived) : [JWT_SECRET];
  if (current === undefined) throw new TypeError('there is no encryption key');
  return { jwtSecret: current, jwtSecretPrevious: JWT_SECRET_PREVIOUS ?? previous };
}

/** Nobody who has it can tell the key. */
function derived(key: Buffer): string {
  return Buffer.from(hkdfSync('sha256', key, '', PURPOSE, BYTES)).toString('base64');
}
