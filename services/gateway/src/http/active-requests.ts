import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestSpan, ServiceTelemetry } from '@eden/telemetry';
import type { Request, RequestHandler } from 'express';
import { RequestScope, attachScope } from './http-request.js';
import { whenOver } from './when-over.js';

/** What access logs know as "client closed request". */
const CLIENT_CLOSED_REQUEST = 499;

/** Not what machines ask several times a minute. */
function isTraced({ path }: Request): boolean {
  return path.startsWith('/api/');
}

interface Surroundings {
  readonly asExpress: () => Request;
  readonly span?: RequestSpan | undefined;
}

/** The requests that this process is working on: opens each with a scope, closes it with a log line and a metric. */
export class ActiveRequests {
  private readonly scopes = new Set<RequestScope>();
  private draining = false;

  constructor(private readonly telemetry: ServiceTelemetry) {}

  /** The first middleware. */
  readonly track: RequestHandler = (req, res, next) => {
    const { tracing } = this.telemetry;
    const open = (span?: RequestSpan): void => {
      const scope = this.open(req, res, { asExpress: () => req, span });
      attachScope(res, scope);
      res.set('X-Request-Id', scope.id);
      next();
    };
    if (!tracing.isOn || !isTraced(req)) return open();
    tracing.serve({ method: req.method, header: (name) => req.get(name) }, (span) => {
      res.set('traceresponse', span.traceresponse);
      open(span);
    });
  };

  /** Opens a request that Express may not see; it is closed with its answer. */
  open(req: IncomingMessage, res: ServerResponse, { asExpress, span }: Surroundings): RequestScope {
    const scope = new RequestScope(req, this.telemetry.log, asExpress);
    this.scopes.add(scope);
    this.telemetry.httpStarted();
    if (this.draining) scope.cancel('draining');
    const close = (): void => this.close(scope, req.method ?? '', res, span);
    // The end of an answer comes from its socket, which belongs to no trace.
    whenOver(res, span === undefined ? close : AsyncResource.bind(close));
    return scope;
  }

  /** Ends what only waits: those requests answer at once, with what they know. */
  drain(): void {
    this.draining = true;
    for (const scope of this.scopes) scope.cancel('draining');
  }

  private close(scope: RequestScope, method: string, res: ServerResponse, span: RequestSpan | undefined): void {
    this.scopes.delete(scope);
    const status = res.writableFinished ? res.statusCode : CLIENT_CLOSED_REQUEST;
    if (!res.writableFinished) scope.cancel('client closed request');
    const durationMs = performance.now() - scope.startedAt;
    this.telemetry.httpObserved({ method, route: scope.route, status, durationMs }, scope.fields);
    span?.end({ route: scope.route, status });
  }
}
