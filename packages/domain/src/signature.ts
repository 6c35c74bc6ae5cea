import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/*
 * Signatures of deploy hooks and webhooks: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`, over the body's very
 * bytes, with the UTF-8 bytes of the secret as key. Several `v1` stand side by side while a secret is exchanged.
 */

/** The header that carries one. */
export const SIGNATURE_HEADER = 'X-Eden-Signature';

/** How far the clocks of both sides may be apart, and how long a call may be on its way. */
export const SIGNATURE_LIFETIME_SECONDS = 300;

const MOST_CANDIDATES = 8;

export interface Signature {
  /** Unix seconds, as they were written. */
  readonly time: string;
  /** Hex digits. */
  readonly candidates: readonly string[];
}

/** The header for a body, with each of the secrets. */
export function signBody(body: Uint8Array | string, secrets: readonly string[], unixSeconds: number): string {
  const time = String(Math.floor(unixSeconds));
  return [`t=${time}`, ...secrets.map((secret) => `v1=${mac(secret, time, body)}`)].join(',');
}

/** Null for what is none. Parts that nobody knows are left to later versions. */
export function parseSignature(header: string): Signature | null {
  const parts = header.split(',').map((part) => part.trim().split('='));
  const valuesOf = (name: string): string[] => parts.filter(([key]) => key === name).map(([, value = '']) => value);
  const [time = ''] = valuesOf('t');
  const candidates = valuesOf('v1').filter((text) => /^[0-9a-f]{64}$/i.test(text));
  const isOne = /^\d{1,12}$/.test(time) && candidates.length > 0 && candidates.length <= MOST_CANDIDATES;
  return isOne ? { time, candidates } : null;
}

/** Whether one of the secrets has signed the body. Takes as long whichever of them it is, and whether any is. */
export function isSignedBy(secrets: readonly string[], { time, candidates }: Signature, body: Uint8Array): boolean {
  let isSigned = false;
  for (const secret of secrets) {
    const expected = Buffer.from(mac(secret, time, body), 'hex');
    for (const candidate of candidates) {
      isSigned = timingSafeEqual(expected, Buffer.from(candidate, 'hex')) || isSigned;
    }
  }
  return isSigned;
}

/** Too old, or from the future. */
export function isOutOfTime({ time }: Signature, now: Date): boolean {
  return Math.abs(now.getTime() / 1000 - Number(time)) > SIGNATURE_LIFETIME_SECONDS;
}

/** Tells one signed call from every other, with whichever secret it was signed. */
export function digestOfCall({ time }: Signature, body: Uint8Array): string {
  return createHash('sha256').update(`${time}.`).update(body).digest('hex');
}

function mac(secret: string, time: string, body: Uint8Array | string): string {
  return createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');
}
