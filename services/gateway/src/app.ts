import { EdenError } from '@eden/domain';
import type { Express, RequestHandler } from 'express';
import express from 'express';
import type { GatewayDeps } from './deps.js';
import { errorHandler } from './error-handler.js';
import type { ActiveRequests } from './http/active-requests.js';
import { mountOperations } from './http/perform.js';
import { mountOperationsRoutes } from './operations-routes.js';
import { OPERATIONS } from './routes/index.js';

/** Answers hold data of one subject: nobody in between may keep or reinterpret them. */
const protectAnswers: RequestHandler = (_req, res, next) => {
  res.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
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
  app.use('/api/v1', router);
  app.use(refuseUnknownRoutes, errorHandler);
  return app;
}
