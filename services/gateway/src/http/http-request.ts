import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ErrorContext, Logger } from '@eden/domain';
import type { Request, Response } from 'express';

/** What handlers may know of the HTTP request itself. */
export interface HttpRequest {
  /** Taken from X-Request-Id or made. */
  readonly id: string;
  readonly address: string;
  /** As the client sees it, before trusted proxies. */
  readonly url: URL;
  /** Carries request_id and, once it is known, organization. */
  readonly log: Logger;
  /** Aborts when the client hangs up and when the process drains. */
  readonly signal: AbortSignal;
  header(name: string): string | undefined;
  /** Scheme and host by which the client has reached us. */
  readonly origin: string;
  /** From here on every log line of the request names the organization. */
  belongsTo(organization: string): void;
}

/** One request on its way through the gateway. Most need neither its log nor its signal: both are made when asked for. */
export class RequestScope implements HttpRequest {
  /** The pattern of the operation, for log and metrics: never the path itself. */
  route = 'unmatched';
  readonly id: string;
  readonly startedAt = performance.now();
  private organization: string | undefined;
  private ownLog: Logger | undefined;
  private cancelled: Error | undefined;
  private cancellation: AbortController | undefined;

  /** @param asExpress The same request as Express sees it, which knows what proxies say. */
  constructor(
    private readonly message: IncomingMessage,
    private readonly processLog: Logger,
    private readonly asExpress: () => Request,
  ) {
    this.id = requestId(this.header('x-request-id'));
  }

  get log(): Logger {
    this.ownLog ??= this.processLog.child(this.fields);
    return this.ownLog;
  }

  /** What every log line of the request says of it. */
  get fields(): ErrorContext {
    const { id, organization } = this;
    return organization === undefined ? { request_id: id } : { request_id: id, organization };
  }

  get address(): string {
    return this.asExpress().ip ?? 'unknown';
  }

  get url(): URL {
    const { origin } = this;
    return new URL(this.asExpress().originalUrl, URL.canParse(origin) ? origin : 'http://localhost');
  }

  get signal(): AbortSignal {
    if (this.cancellation === undefined) {
      this.cancellation = new AbortController();
      if (this.cancelled !== undefined) this.cancellation.abort(this.cancelled);
    }
    return this.cancellation.signal;
  }

  header(name: string): string | undefined {
    const value = this.message.headers[name.toLowerCase()];
    return typeof value === 'object' ? value.join(', ') : value;
  }

  get origin(): string {
    const { protocol, host } = this.asExpress();
    return `${protocol}://${host}`;
  }

  belongsTo(organization: string): void {
    this.organization = organization;
    this.ownLog = undefined;
  }

  cancel(reason: string): void {
    this.cancelled ??= new Error(reason);
    this.cancellation?.abort(this.cancelled);
  }
}

/** Visible ASCII without what would have to be escaped in JSON. */
const ACCEPTABLE_REQUEST_ID = /^[!#-[\]-~]{1,128}$/;

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
