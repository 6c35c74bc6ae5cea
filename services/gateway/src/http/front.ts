import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Express, Request } from 'express';
import type { GatewayDeps } from '../deps.js';
import { answerError } from '../error-handler.js';
import type { ActiveRequests } from './active-requests.js';
import type { Answer } from './answer.js';
import { LARGEST_BODY_BYTES, notJson, parseJsonBody } from './body.js';
import type { Exchange } from './exchange.js';
import { NO_BYTES } from './exchange.js';
import { holdUntilTaken } from './hold-until-taken.js';
import type { RequestScope } from './http-request.js';
import type { Operation } from './operation.js';
import { BASE_PATH } from './operations-router.js';
import { parametersOf } from './path-parameters.js';
import { isExecution, perform } from './perform.js';
import { PROTECTION } from './send.js';

/** An execution's route: a fixed path, and a name behind it. */
interface Route {
  readonly operation: Operation;
  readonly prefix: string;
  readonly parameter: string;
}

/** Without anything that would have to be decoded, and no longer than ids are. */
const PLAIN_NAME = /^[\w.-]{1,128}$/;
const PLAIN_JSON = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;
const LENGTH = /^\d{1,7}$/;

/**
 * Answers executions in front of the Express app, whose part of one costs as much as everything else about it (docs/adr/0051).
 * Only the plainest form: a name that needs no decoding, JSON that says its length. Every other form of the same request goes to
 * the app, and there meets the same operation; so does everything where traces are on.
 */
export function frontOf(
  app: Express,
  { deps, requests, operations }: { deps: GatewayDeps; requests: ActiveRequests; operations: readonly Operation[] },
): RequestListener {
  const routes = operations.filter(isExecution).map(routeOf);
  const { isOn: isTraced } = deps.telemetry.tracing;
  return (req, res) => {
    const route = isTraced || !hasPlainBody(req) ? undefined : routes.find((each) => nameIn(req, each) !== null);
    if (route === undefined) return app(req, res);
    const scope = requests.open(req, res, { asExpress: () => asExpress(app, req) });
    // What cannot even be written as an error is cut off.
    answer(deps, { req, res, scope, route }).catch(() => res.destroy());
  };
}

function routeOf(operation: Operation): Route {
  const { path } = operation.description;
  const [parameter] = parametersOf(path);
  if (parameter === undefined || !path.endsWith(`/{${parameter}}`))
    throw new TypeError(`${path} names nothing at its end`);
  return { operation, prefix: BASE_PATH + path.slice(0, path.indexOf('{')), parameter };
}

function nameIn({ method, url = '' }: IncomingMessage, { prefix }: Route): string | null {
  if (method !== 'POST' || !url.startsWith(prefix)) return null;
  const name = url.slice(prefix.length);
  return PLAIN_NAME.test(name) ? name : null;
}

function hasPlainBody({ headers }: IncomingMessage): boolean {
  const { 'content-length': length = '0', 'content-type': type = 'application/json' } = headers;
  const isWhole = headers['transfer-encoding'] === undefined && headers['content-encoding'] === undefined;
  return isWhole && LENGTH.test(length) && Number(length) <= LARGEST_BODY_BYTES && PLAIN_JSON.test(type);
}

interface Call {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly scope: RequestScope;
  readonly route: Route;
}

async function answer(deps: GatewayDeps, { req, res, scope, route }: Call): Promise<void> {
  const told: Record<string, string> = {};
  const exchange: Exchange = {
    deps,
    scope,
    method: req.method ?? '',
    target: req.url ?? '',
    params: { [route.parameter]: nameIn(req, route) ?? '' },
    query: {},
    receive: async () => ({ body: parseJsonBody(await bytesOf(req)), upload: null, bytes: NO_BYTES }),
    withinMemory: (_, work) => work(),
    tell: (headers) => void Object.assign(told, headers),
  };
  try {
    const bytes = sendWhole(res, scope, await perform(exchange, route.operation), told);
    holdUntilTaken(res, deps.answers, bytes);
  } catch (error) {
    sendWhole(res, scope, answerError(error, scope), told);
  }
}

/** Beyond that a string costs more, copied behind its headers and then encoded, than a second write. */
const LONG_TEXT = 16 * 1024;

/** In one write. Answers how many bytes its body has. */
function sendWhole(
  res: ServerResponse,
  { id }: RequestScope,
  { status, body, headers }: Answer,
  told: Readonly<Record<string, string>>,
): number {
  const text = JSON.stringify(body);
  const whole = text.length > LONG_TEXT ? Buffer.from(text) : text;
  const bytes = Buffer.byteLength(whole);
  res.writeHead(status, {
    'X-Request-Id': id,
    ...PROTECTION,
    ...told,
    ...headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': bytes,
  });
  res.end(whole);
  return bytes;
}

/** All of a body that says its length. @throws EdenError VALIDATION_FAILED when its sender goes in the middle, and hears of nothing */
function bytesOf(req: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => void chunks.push(chunk));
    const onGone = (): void => reject(notJson());
    req.on('error', onGone).on('close', onGone);
    req.on('end', () => {
      // An error that nobody hears of is made for nothing.
      req.off('close', onGone);
      resolve(Buffer.concat(chunks));
    });
    if (req.destroyed) onGone();
  });
}

/** As Express does with each that it is given. */
function asExpress(app: Express, req: IncomingMessage): Request {
  const request = Object.setPrototypeOf(req, app.request) as Request;
  request.originalUrl ??= req.url ?? '';
  return request;
}
