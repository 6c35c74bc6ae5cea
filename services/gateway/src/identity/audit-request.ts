import type { EdenError, Origin, Subject } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import { STATUS_OF, toEdenError } from '../error-handler.js';
import type { HttpRequest } from '../http/http-request.js';

export function originOf({ address, id }: HttpRequest): Origin {
  return { address, requestId: id };
}

/** A call that was to change something, and did not. */
export interface RefusedCall {
  readonly subject: Subject;
  readonly method: string;
  /** The pattern of the operation. */
  readonly route: string;
  /** What its path names. */
  readonly named: readonly string[];
  readonly error: unknown;
}

/** No request of a client's, and nobody's to decide about: 400, 413, 415 and 429; and without a database there is no audit. */
const NO_REFUSALS = new Set([400, 413, 415, 429, 503]);

function isRefusal({ code }: EdenError): boolean {
  return !NO_REFUSALS.has(STATUS_OF[code]);
}

/** Longer names than ids and usernames may have, and their slashes. */
const LONGEST_SUBJECT = 512;

/** Never in the way of the answer that the client gets anyhow. */
export async function auditRefusal({ store }: GatewayDeps, http: HttpRequest, call: RefusedCall): Promise<void> {
  const { subject, method, route, named } = call;
  const error = toEdenError(call.error);
  if (!isRefusal(error)) return;
  try {
    await store.audit(subject.organizationUuid).append({
      actor: subject.username,
      action: `${method.toUpperCase()} ${route}`,
      // The one character that cannot be stored: nobody is spared an entry by it.
      subject: named.join('/').replaceAll('\0', '\uFFFD').slice(0, LONGEST_SUBJECT),
      origin: originOf(http),
      result: error.code,
      data: { level: subject.level },
    });
  } catch (cause) {
    http.log.warn('refusal not audited', { error: cause });
  }
}
