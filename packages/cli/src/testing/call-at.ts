import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runProgram } from '../program.js';
import { surroundingsFor, type Captured, type CaptureOptions } from './captured.js';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A call, and what it has asked the gateway. */
export interface CapturedCall extends Captured {
  readonly asked: readonly string[];
}

/** A call of the program at a gateway that answers by path, and not at all where nothing stands; Ctrl-C is in the test's hand, and so is what comes before. */
export async function callAt(
  argv: readonly string[],
  answers: Readonly<Record<string, Handler>>,
  { prepare, ...options }: CaptureOptions & { readonly prepare?: (url: string) => Promise<void> } = {},
): Promise<CapturedCall> {
  const interrupt = new AbortController();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const question = `${request.method} ${request.url?.split('?')[0]}`;
    asked.push(question);
    answers[question]?.(request, response);
    if (answers['interrupt'] !== undefined) interrupt.abort();
  }).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const EDEN_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await prepare?.(EDEN_URL);
    const env = { EDEN_URL, EDEN_TOKEN: 'token', ...options.env };
    const { surroundings, written } = surroundingsFor({ ...options, env });
    const code = await runProgram(argv, { ...surroundings, interrupt: interrupt.signal });
    return { code, asked, ...written() };
  } finally {
    server.close().closeAllConnections();
  }
}

export const json =
  (body: object, status = 200): Handler =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
