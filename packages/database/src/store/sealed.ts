import type { JsonObject, Uuid } from '@eden/domain';
import type { Scope } from '../scope.js';

/** A document that only this organization's row of this uuid can be read from. */
export function sealed(
  { cipher, organizationUuid }: Pick<Scope, 'cipher' | 'organizationUuid'>,
  uuid: Uuid,
  document: JsonObject,
): Uint8Array<ArrayBuffer> {
  // Prisma wants bytes that share no memory.
  return new Uint8Array(cipher.encrypt(document, { organizationUuid, endpointUuid: uuid }));
}
