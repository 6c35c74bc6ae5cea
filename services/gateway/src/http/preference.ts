import type { HttpRequest } from './http-request.js';

const MS_PER_SECOND = 1000;

/** `Prefer: respond-async, wait=10` → `{ 'respond-async': '', wait: '10' }` (RFC 7240) */
function preferences(header: string): ReadonlyMap<string, string> {
  const entries = header.split(',').map((part): [string, string] => {
    const [name = '', value = ''] = (part.split(';')[0] ?? '').split('=');
    return [name.trim().toLowerCase(), value.trim().replaceAll('"', '')];
  });
  // RFC 7240 section 2: of a preference that is given twice, the first counts.
  return new Map(entries.reverse());
}

/**
 * How long to wait for a run before the answer is 202: `wait=N` seconds, at most as long as without the header;
 * `respond-async` alone does not wait at all. What is not understood is ignored, as the RFC wants it.
 */
export function waitMsOf(http: HttpRequest, longestWaitMs: number): number {
  const preferred = preferences(http.header('prefer') ?? '');
  const wait = preferred.get('wait') ?? '';
  if (/^\d{1,9}$/.test(wait)) return Math.min(Number(wait) * MS_PER_SECOND, longestWaitMs);
  return preferred.has('respond-async') ? 0 : longestWaitMs;
}
