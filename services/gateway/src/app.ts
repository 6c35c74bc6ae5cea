import { EdenError } from '@eden/domain';
import type { Express, RequestHandler } from 'express';
import express from 'express';
import { mountDashboard } from './dashboard/dashboard-routes.js';
import type { GatewayDeps } from './deps.js';
import { errorHandler } from './error-handler.js';
import type { ActiveRequests } from './http/active-requests.js';
import { BASE_PATH, mountOperations } from './http/operations-router.js';
import { mountOperationsRoutes } from './operations-routes.js';
import { PROTECTION } from './http/send.js';
import { OPERATIONS } from './routes/index.js';

const protectAnswers: RequestHandler = (_req, res, next) => {
  res.set(PROTECTION);
  next();
};

const refuseUnknownRoutes: RequestHandler = () => {
  throw new EdenError('ROUTE_NOT_FOUND');
};

/** The order of things: request id and log, the operations, then what nobody answered, then errors. */
export function createApp(deps: GatewayDeps, requests: ActiveRequests): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', deps.trustedProxies);
  app.use(requests.track, protectAnswers);
  mountOperationsRoutes(app, deps);
  const router = express.Router({ caseSensitive: true });
  mountOperations(router, OPERATIONS, deps);
  app.use(BASE_PATH, router);
  mountDashboard(app, deps.dashboard);
  app.use(refuseUnknownRoutes, errorHandler);
  return app;
}
