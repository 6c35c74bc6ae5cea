import type { JsonValue } from './json.js';

export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** A request as a template of the kind Http has it; placeholders stand in `path`, in the headers' values and in `body`. */
export interface HttpOperation {
  readonly method: HttpMethod;
  /** Behind the endpoint's `base_url`, with the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON: a value whose texts hold placeholders, or JSON text. */
  readonly body?: JsonValue;
}

/** Whether a request of the method is there to ask only (RFC 9110, "safe"). */
export function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}
