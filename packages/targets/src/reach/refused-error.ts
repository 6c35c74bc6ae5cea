import type { Refusal } from './address-rules.js';

/** Thrown inside the adapters before anything was sent to a refused address; becomes ENDPOINT_NOT_ALLOWED. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(readonly refusal: Refusal) {
    super(refusal.details);
  }
}
