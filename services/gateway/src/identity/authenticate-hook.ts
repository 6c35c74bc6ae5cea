import { randomBytes } from 'node:crypto';
import type { CallableHook } from '@eden/domain';
import { EdenError, asUuid, digestOfCall, isOutOfTime, isSignedBy, isUuid, parseSignature } from '@eden/domain';
import { SIGNATURE_HEADER, SIGNATURE_LIFETIME_SECONDS } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import type { HttpRequest } from '../http/http-request.js';

const SECRET_BYTES = 32;

/** For a hook or a webhook; shown once. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** A hook has two secrets while they are exchanged. */
const DECOYS: readonly string[] = [newSecret(), newSecret()];

export interface HookPrincipal {
  readonly caller: CallableHook;
  /** Tells this signed call from every other. */
  readonly digest: string;
}

/**
 * Who calls a hook: whoever has signed these very bytes a moment ago. A hook that is not there takes as long as a bad
 * signature, and is answered alike.
 * @throws EdenError AUTHENTICATION_REQUIRED
 */
export async function authenticateHook(
  { store, clock }: GatewayDeps,
  http: HttpRequest,
  { ref, body }: { readonly ref: string; readonly body: Uint8Array },
): Promise<HookPrincipal> {
  const signature = parseSignature(http.header(SIGNATURE_HEADER) ?? '');
  if (signature === null) throw refused(`${SIGNATURE_HEADER} must be t=<unix seconds>,v1=<hex HMAC-SHA256>`);
  const caller = isUuid(ref) ? await store.findHook(asUuid(ref)) : null;
  const secrets = [...(caller?.secrets ?? []), ...DECOYS].slice(0, DECOYS.length);
  const isSigned = isSignedBy(secrets, signature, body);
  if (caller === null || !isSigned) throw refused('There is no such hook, or the signature does not fit the body');
  if (isOutOfTime(signature, clock.now())) {
    throw refused(`The signature is good, but its time is more than ${SIGNATURE_LIFETIME_SECONDS} s from now`);
  }
  return { caller, digest: digestOfCall(signature, body) };
}

function refused(details: string): EdenError {
  return new EdenError('AUTHENTICATION_REQUIRED', { details });
}
