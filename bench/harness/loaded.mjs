import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const GENERATOR = join(import.meta.dirname, 'load.mjs');

/**
 * Executions of the APIs over and over, each connection one after the other. `{ stop, figures }` of load.mjs. A server that has
 * other paths than ours says which.
 */
export async function startLoad({ url, token, pathOf = executionPath }, { apis, inputs, connections }) {
  const port = Number(new URL(url).port);
  const requests = inputs.flatMap((input) => apis.map((api) => requestOf(pathOf(api), token, JSON.stringify(input))));
  const generator = fork(GENERATOR);
  generator.send({ port, requests, connections });
  await once(generator, 'message');
  return {
    /** What was answered since the last time, as load.mjs counts it. */
    async figures() {
      generator.send('figures');
      const [figures] = await once(generator, 'message');
      return figures;
    },
    stop: () => generator.kill(),
  };
}

function executionPath(api) {
  return `/api/v1/apis/${api}`;
}

function requestOf(path, token, body) {
  return [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}
