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

/** One request on its way through the gateway. Most never need its signal, and its log once: both are made when asked for. */
export class RequestScope implements HttpRequest {
  /** The pattern of the operation, for log and metrics: never the path itself. */
  route = 'unmatched';
  readonly id: string;
  readonly startedAt = performance.now();
  private organization: string | undefined;
  private ownLog: Logger | undefined;
  private cancelled: Error | undefined;
  private cancellation: AbortController | undefined;

  constructor(
    private readonly req: Request,
    private readonly processLog: Logger,
  ) {
    this.id = requestId(req.get('x-request-id'));
  }

  get log(): Logger {
    const organization = this.organization === undefined ? {} : { organization: this.organization };
    this.ownLog ??= this.processLog.child({ request_id: this.id, ...organization });
    return this.ownLog;
  }

  get address(): string {
    return this.req.ip ?? 'unknown';
  }

  get signal(): AbortSignal {
    if (this.cancellation === undefined) {
      this.cancellation = new AbortController();
      if (this.cancelled !== undefined) this.cancellation.abort(this.cancelled);
    }
    return this.cancellation.signal;
  }

  header(name: string): string | undefined {
    return this.req.get(name);
  }

  /** From here on every log line of the request names the organization. */
  belongsTo(organization: string): void {
    this.organization = organization;
    this.ownLog = undefined;
  }

  cancel(reason: string): void {
    this.cancelled ??= new Error(reason);
    this.cancellation?.abort(this.cancelled);
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
