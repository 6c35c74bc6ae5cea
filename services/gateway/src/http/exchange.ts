import type { GatewayDeps } from '../deps.js';
import type { PathValues } from '../identity/authorize.js';
import type { Answer } from './answer.js';
import type { RequestScope } from './http-request.js';
import type { Description, RawInput } from './operation.js';

/** The body of a request, in the form that its operation takes. */
export type ReceivedBody = Pick<RawInput, 'body' | 'upload' | 'bytes'>;

/** One request for an operation, whoever has received it: Express (operations-router.ts), or who stands before it (front.ts). */
export interface Exchange {
  readonly deps: GatewayDeps;
  readonly scope: RequestScope;
  readonly method: string;
  /** Path and query as the client has sent them. */
  readonly target: string;
  readonly params: PathValues;
  readonly query: unknown;
  /** @throws EdenError for what is too large or cannot be read, and errors of parsers that carry a status */
  receive(description: Description): Promise<ReceivedBody>;
  /** Does the work while what the body takes of the process's memory is counted. @throws EdenError SERVICE_UNAVAILABLE */
  withinMemory(description: Description, work: () => Promise<Answer>): Promise<Answer>;
  /** Headers of the answer, whatever becomes of it. */
  tell(headers: Readonly<Record<string, string>>): void;
}

export const NO_BYTES = new Uint8Array();
