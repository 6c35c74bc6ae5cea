import type { ErrorContext } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import type { RequestHandler, Response, Router } from 'express';
import type { GatewayDeps } from './deps.js';
import { scopeOf } from './http/http-request.js';
import { refuseMethod } from './http/refuse-method.js';
import { DOCS_POLICY, docsPage } from './openapi/docs-page.js';
import { openApiDocument } from './openapi/document.js';
import { OPERATIONS } from './routes/index.js';

/*
 * What operators and browsers ask for. Open to everybody who reaches the port: nothing here knows of an organization.
 */

type CheckResult = 'ok' | 'unavailable';

interface ControlState {
  readonly result: CheckResult | 'outdated' | 'at an unknown place';
  /** What is wrong and what to do, for whoever operates it. */
  readonly why: ErrorContext;
}

async function controlState({ store }: GatewayDeps): Promise<ControlState> {
  try {
    await store.checkSchema();
    await store.checkPlace();
    return { result: 'ok', why: {} };
  } catch (error) {
    if (!isEdenError(error, 'SERVICE_UNAVAILABLE')) throw error;
    if ('missing_migrations' in error.context) return { result: 'outdated', why: error.context };
    if ('unknown_place' in error.context) return { result: 'at an unknown place', why: error.context };
    return { result: 'unavailable', why: error.context };
  }
}

async function resultOf(check: Promise<void>): Promise<CheckResult> {
  try {
    await check;
    return 'ok';
  } catch (error) {
    if (isEdenError(error, 'SERVICE_UNAVAILABLE')) return 'unavailable';
    throw error;
  }
}

const PATHS = ['/healthz', '/readyz', '/metrics', '/openapi.json', '/api/v1/openapi.json', '/docs', '/api/v1/docs'];

function named(route: string, answer: (res: Response) => Promise<unknown> | unknown): RequestHandler {
  return async (_req, res) => {
    scopeOf(res).route = route;
    await answer(res);
  };
}

/** Without lock quorum runs are still accepted, so the gateway stays ready; it says so. */
async function answerReadiness(deps: GatewayDeps, res: Response): Promise<void> {
  const [{ result, why }, quorum] = await Promise.all([controlState(deps), resultOf(deps.locks.check())]);
  const isReady = result === 'ok';
  const checks = { control_database: result, lock_quorum: quorum };
  res.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not ready', checks, ...why });
}

async function answerMetrics({ telemetry }: GatewayDeps, res: Response): Promise<void> {
  res.type(telemetry.contentType).send(await telemetry.metricsText());
}

/** Makes /healthz, /readyz, /metrics, /openapi.json and /docs. */
export function mountOperationsRoutes(router: Router, deps: GatewayDeps): void {
  const document = openApiDocument(OPERATIONS);
  const page = docsPage(document);
  router.get(
    '/healthz',
    named('/healthz', (res) => res.json({ status: 'ok' })),
  );
  router.get(
    '/readyz',
    named('/readyz', (res) => answerReadiness(deps, res)),
  );
  router.get(
    '/metrics',
    named('/metrics', (res) => answerMetrics(deps, res)),
  );
  router.get(
    ['/openapi.json', '/api/v1/openapi.json'],
    named('/openapi.json', (res) => res.json(document)),
  );
  router.get(
    ['/docs', '/api/v1/docs'],
    named('/docs', (res) => {
      res.set('Content-Security-Policy', DOCS_POLICY).type('html').send(page);
    }),
  );
  router.all(PATHS, refuseMethod(['get']));
}
