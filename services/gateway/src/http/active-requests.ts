import type { ServiceTelemetry } from '@eden/telemetry';
import type { RequestHandler, Response } from 'express';
import { RequestScope, attachScope } from './http-request.js';

/** What access logs know as "client closed request". */
const CLIENT_CLOSED_REQUEST = 499;

/** The requests that this process is working on: opens each with a scope, closes it with a log line and a metric. */
export class ActiveRequests {
  private readonly scopes = new Set<RequestScope>();
  private draining = false;

  constructor(private readonly telemetry: ServiceTelemetry) {}

  /** The first middleware. */
  readonly track: RequestHandler = (req, res, next) => {
    const scope = new RequestScope(req, this.telemetry.log);
    attachScope(res, scope);
    this.scopes.add(scope);
    this.telemetry.httpStarted();
    res.set('X-Request-Id', scope.id);
    if (this.draining) scope.cancel('draining');
    res.once('close', () => this.close(scope, req.method, res));
    next();
  };

  /** Ends what only waits: those requests answer at once, with what they know. */
  drain(): void {
    this.draining = true;
    for (const scope of this.scopes) scope.cancel('draining');
  }

  private close(scope: RequestScope, method: string, res: Response): void {
    this.scopes.delete(scope);
    const status = res.writableFinished ? res.statusCode : CLIENT_CLOSED_REQUEST;
    if (!res.writableFinished) scope.cancel('client closed request');
    const durationMs = performance.now() - scope.startedAt;
    this.telemetry.httpObserved({ method, route: scope.route, status, durationMs }, scope.log);
  }
}
