import type { LimitedKind, Uuid } from '@eden/domain';
import { auditRefusal, originOf } from '../identity/audit-request.js';
import { authenticate, authenticateExecution } from '../identity/authenticate.js';
import type { PathValues } from '../identity/authorize.js';
import { authorize as holdToPermission } from '../identity/authorize.js';
import type { Answer } from './answer.js';
import type { Exchange } from './exchange.js';
import { checkKey, once, requestHash } from './idempotency.js';
import { guardJson } from './json-guard.js';
import { countRequest } from './rate-limit.js';
import type { Principal } from '../identity/principal.js';
import type { Operation, PublicOperation, RawInput, SubjectOperation } from './operation.js';
import { takesIdempotencyKey } from './operation.js';

async function readInput(
  exchange: Exchange,
  { description }: Operation,
  path: PathValues = exchange.params,
): Promise<RawInput> {
  const { deps, query, scope: http } = exchange;
  for (const values of [path, query]) guardJson(values);
  const count = (organizationUuid: Uuid, kind: LimitedKind = 'request'): Promise<void> =>
    countRequest(deps.limits, { organizationUuid }, kind, exchange.tell);
  return { deps, http, path, query, count, ...(await exchange.receive(description)) };
}

async function performPublic(exchange: Exchange, operation: PublicOperation): Promise<Answer> {
  operation.authorize(exchange.deps, exchange.scope);
  return operation.prepare(await readInput(exchange, operation))();
}

/** Credentials and permission are checked before a byte of the body is read. */
async function performForSubject(exchange: Exchange, operation: SubjectOperation): Promise<Answer> {
  const { deps, scope } = exchange;
  const { subject: asking, ...rest } = await authenticate(deps, scope);
  const subject = { ...asking, origin: originOf(scope) };
  scope.belongsTo(subject.organizationId);
  await countRequest(deps.limits, subject, 'request', exchange.tell);
  try {
    return await performAs(exchange, operation, { ...rest, subject });
  } catch (error) {
    if (mayWrite(operation)) {
      const { method, path: route } = operation.description;
      await auditRefusal(deps, scope, { subject, method, route, named: Object.values(exchange.params).flat(), error });
    }
    throw error;
  }
}

/** Executions are the application's own traffic: they have a limit and a metric of their own, and stand in no audit. */
async function performExecution(exchange: Exchange, operation: SubjectOperation): Promise<Answer> {
  const { deps, scope } = exchange;
  const principal = await authenticateExecution(deps, scope);
  scope.belongsTo(principal.subject.organizationId);
  await countRequest(deps.limits, principal.subject, 'execution', exchange.tell);
  return performAs(exchange, operation, principal);
}

async function performAs(exchange: Exchange, operation: SubjectOperation, principal: Principal): Promise<Answer> {
  const path = await holdToPermission(exchange.deps, principal.subject, operation.permission, exchange.params);
  return exchange.withinMemory(operation.description, () => answerTo(exchange, operation, principal, path));
}

async function answerTo(
  exchange: Exchange,
  operation: SubjectOperation,
  principal: Principal,
  path: PathValues,
): Promise<Answer> {
  const { deps, scope, method, target } = exchange;
  const { subject } = principal;
  const input = await readInput(exchange, operation, path);
  const { work, authorize } = operation.prepare(input, principal);
  const key = scope.header('idempotency-key');
  if (key === undefined || !takesIdempotencyKey(operation.description)) return work();
  checkKey(key);
  if (await authorize()) return work();
  const hash = requestHash(method, target, input.body);
  return once(deps.store.idempotency, { subject, key, hash, http: scope }, work);
}

/**
 * Everything but questions. A login is one: it leaves nothing but its entry in the audit, and people have to come in to see
 * what has become of an installation that is not where it was.
 */
function mayWrite(operation: Operation): boolean {
  const isLogin = operation.description.path === '/auth/login';
  return operation.description.method !== 'get' && !isLogin;
}

/** What an operation answers to a request. @throws EdenError, and errors of parsers that carry a status */
export async function perform(exchange: Exchange, operation: Operation): Promise<Answer> {
  exchange.scope.route = operation.description.path;
  if (mayWrite(operation)) await exchange.deps.store.checkPlace();
  if (operation.kind === 'public') return performPublic(exchange, operation);
  return isExecution(operation) ? performExecution(exchange, operation) : performForSubject(exchange, operation);
}

/** Executions, which come more often than all others together. */
const EXECUTION_PATHS: readonly string[] = ['/apis/{api}', '/templates/{template}'];

export function isExecution({ description: { method, path } }: Operation): boolean {
  return method === 'post' && EXECUTION_PATHS.includes(path);
}
