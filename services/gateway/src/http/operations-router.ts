import type { Request, Response, Router } from 'express';
import type { GatewayDeps } from '../deps.js';
import type { Answer } from './answer.js';
import { readBody, readBytes } from './body.js';
import type { Exchange, ReceivedBody } from './exchange.js';
import { NO_BYTES } from './exchange.js';
import { holdUntilTaken } from './hold-until-taken.js';
import { scopeOf } from './http-request.js';
import type { Description, Operation } from './operation.js';
import { expressPath } from './path-parameters.js';
import { isExecution, perform } from './perform.js';
import { refuseMethod } from './refuse-method.js';
import { send } from './send.js';
import type { Upload, UploadForm } from './upload.js';
import { isUpload, LARGEST_UPLOAD, readUpload } from './upload.js';

/** In front of the path of every operation. */
export const BASE_PATH = '/api/v1';

/** Makes a route of each operation. The router tries one after the other, so the busiest come first. */
export function mountOperations(router: Router, operations: readonly Operation[], deps: GatewayDeps): void {
  for (const operation of operations.toSorted((a, b) => Number(isExecution(b)) - Number(isExecution(a)))) {
    const { method, path } = operation.description;
    router[method](expressPath(path), async (req, res) => {
      await send(res, await perform(exchangeOf(deps, req, res), operation));
      if (isExecution(operation)) holdUntilTaken(res, deps.answers, Number(res.getHeader('Content-Length')));
    });
  }
  const descriptions = operations.map(({ description }) => description);
  for (const path of new Set(descriptions.map((description) => description.path))) {
    const methods = descriptions.filter((description) => description.path === path).map(({ method }) => method);
    router.all(expressPath(path), refuseMethod(methods));
  }
}

function exchangeOf(deps: GatewayDeps, req: Request, res: Response): Exchange {
  return {
    deps,
    scope: scopeOf(res),
    method: req.method,
    target: req.originalUrl,
    params: req.params,
    query: req.query,
    receive: (description) => receive(req, res, description),
    withinMemory: (description, work) => withinMemory(deps, req, description, work),
    tell: (headers) => void res.set(headers),
  };
}

async function receive(req: Request, res: Response, description: Description): Promise<ReceivedBody> {
  const nothing = { body: undefined, upload: null, bytes: NO_BYTES };
  if (description.signedBody === true) return { ...nothing, bytes: await readBytes(req, res) };
  if (description.upload !== undefined && isUpload(req))
    return { ...nothing, ...(await readForm(req, description.upload)) };
  return description.body === undefined ? nothing : { ...nothing, body: await readBody(req, res) };
}

async function readForm(req: Request, { part, alias = part, merge }: UploadForm): Promise<Upload> {
  const { body, upload } = await readUpload(req, part, alias);
  return merge === undefined ? { body, upload } : { body: merge(body, upload), upload: [] };
}

/** An upload takes its share of the memory for as long as it is worked on. */
function withinMemory(
  { uploads }: GatewayDeps,
  req: Request,
  { upload }: Description,
  work: () => Promise<Answer>,
): Promise<Answer> {
  return upload === undefined || !isUpload(req) ? work() : uploads.during(req, LARGEST_UPLOAD, work);
}
