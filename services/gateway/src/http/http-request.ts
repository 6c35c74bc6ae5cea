import { randomUUID } from 'node:crypto';
import type { Logger } from '@eden/domain';
import type { Request, Response } from 'express';

/** What handlers may know of the HTTP request itself. */
export interface HttpRequest {
  /** Taken from X-Request-Id or made. */
  readonly id: string;
  readonly address: string;
  /** Carries request_id and, once it is known, organization. */
  readonly log: Logger;
  /** Aborts when the client hangs up and when the process drains. */
  readonly signal: AbortSignal;
  header(name: string): string | undefined;
}

/** One request on its way through the gateway. */
export class RequestScope implements HttpRequest {
  /** The pattern of the operation, for log and metrics: never the path itself. */
  route = 'unmatched';
  readonly id: string;
  readonly startedAt = performance.now();
  private readonly cancellation = new AbortController();

  constructor(
    private readonly req: Request,
    public log: Logger,
  ) {
    this.id = requestId(req.get('x-request-id'));
    this.log = log.child({ request_id: this.id });
  }

  get address(): string {
    return this.req.ip ?? 'unknown';
  }

  get signal(): AbortSignal {
    return this.cancellation.signal;
  }

  header(name: string): string | undefined {
    return this.req.get(name);
  }

  /** From here on every log line of the request names the organization. */
  belongsTo(organization: string): void {
    this.log = this.log.child({ organization });
  }

  cancel(reason: string): void {
    this.cancellation.abort(new Error(reason));
  }
}

const ACCEPTABLE_REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/;

/** An id of the caller's own, unless it could disturb a log or a header. */
function requestId(given: string | undefined): string {
  return given !== undefined && ACCEPTABLE_REQUEST_ID.test(given) ? given : randomUUID();
}

const SCOPE = Symbol('scope');

export function attachScope(res: Response, scope: RequestScope): void {
  (res.locals as Record<symbol, unknown>)[SCOPE] = scope;
}

/** The scope that the first middleware attached to every response. */
export function scopeOf(res: Response): RequestScope {
  return (res.locals as Record<symbol, unknown>)[SCOPE] as RequestScope;
}
