import { requireLevel } from '@eden/domain';
import type { Request, Response, Router } from 'express';
import type { GatewayDeps } from '../deps.js';
import { authenticate } from '../identity/authenticate.js';
import type { Answer } from './answer.js';
import { readBody } from './body.js';
import type { RequestScope } from './http-request.js';
import { scopeOf } from './http-request.js';
import { checkKey, once, requestHash } from './idempotency.js';
import type { Operation, PublicOperation, RawInput, SubjectOperation } from './operation.js';
import { takesIdempotencyKey } from './operation.js';
import { expressPath } from './path-parameters.js';
import { refuseMethod } from './refuse-method.js';
import { send } from './send.js';
import { isUpload, readUpload } from './upload.js';

interface Exchange {
  readonly deps: GatewayDeps;
  readonly req: Request;
  readonly res: Response;
  readonly scope: RequestScope;
}

async function readInput({ deps, req, res, scope }: Exchange, { description }: Operation): Promise<RawInput> {
  const given = { deps, http: scope, path: req.params, query: req.query };
  if (description.upload !== undefined && isUpload(req))
    return { ...given, ...(await readUpload(req, description.upload)) };
  const body = description.body === undefined ? undefined : await readBody(req, res);
  return { ...given, body, upload: null };
}

async function performPublic(exchange: Exchange, operation: PublicOperation): Promise<Answer> {
  operation.authorize(exchange.deps, exchange.scope);
  return operation.prepare(await readInput(exchange, operation))();
}

/** Credentials and level are checked before a byte of the body is read. */
async function performForSubject(exchange: Exchange, operation: SubjectOperation): Promise<Answer> {
  const { deps, req, scope } = exchange;
  const principal = await authenticate(deps, scope);
  const { subject } = principal;
  scope.belongsTo(subject.organizationId);
  requireLevel(subject, operation.level);
  const input = await readInput(exchange, operation);
  const { work, authorize } = operation.prepare(input, principal);
  const key = scope.header('idempotency-key');
  if (key === undefined || !takesIdempotencyKey(operation.description)) return work();
  checkKey(key);
  if (await authorize()) return work();
  const hash = requestHash(req.method, req.originalUrl, input.body);
  return once(deps.store.idempotency, { subject, key, hash, http: scope }, work);
}

/** Everything but questions, of which a login is one: it changes nothing. */
function mayWrite(operation: Operation): boolean {
  const isLogin = operation.level === null && operation.credentials === 'basic';
  return operation.description.method !== 'get' && !isLogin;
}

async function perform(exchange: Exchange, operation: Operation): Promise<void> {
  exchange.scope.route = operation.description.path;
  if (mayWrite(operation)) await exchange.deps.store.checkPlace();
  const answer =
    operation.level === null ? await performPublic(exchange, operation) : await performForSubject(exchange, operation);
  await send(exchange.res, answer);
}

/** Executions, which come more often than all others together. */
const BUSIEST_PATHS: readonly string[] = ['/apis/{api}', '/templates/{template}'];

function isBusiest({ description: { method, path } }: Operation): boolean {
  return method === 'post' && BUSIEST_PATHS.includes(path);
}

/** Makes a route of each operation. The router tries one after the other, so the busiest come first. */
export function mountOperations(router: Router, operations: readonly Operation[], deps: GatewayDeps): void {
  for (const operation of operations.toSorted((a, b) => Number(isBusiest(b)) - Number(isBusiest(a)))) {
    const { method, path } = operation.description;
    router[method](expressPath(path), (req, res) => perform({ deps, req, res, scope: scopeOf(res) }, operation));
  }
  const descriptions = operations.map(({ description }) => description);
  for (const path of new Set(descriptions.map((description) => description.path))) {
    const methods = descriptions.filter((description) => description.path === path).map(({ method }) => method);
    router.all(expressPath(path), refuseMethod(methods));
  }
}
