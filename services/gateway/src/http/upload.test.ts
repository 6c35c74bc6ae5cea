import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EdenError } from '@eden/domain';
import { readUpload } from './upload.js';

/** Takes a request whose body is not read at once. */
let late: (req: IncomingMessage) => void;

const server = createServer((req, res) => {
  if (req.url === '/late') return late(req);
  return void readUpload(req, 'source').then(
    ({ body, upload }) => res.end(JSON.stringify([body, upload.map(({ path, bytes }) => [path, bytes.toString()])])),
    ({ code }: EdenError) => res.writeHead(400).end(code),
  );
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.close();
});

async function send(body: string): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const headers = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', method: 'PUT', headers }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      res.on('end', () => resolve(text));
    });
    sent.on('error', reject).end(body);
  });
}

const JSON_PART = '--x\r\nContent-Disposition: form-data; name="source"\r\n\r\n{"a":1}\r\n';
const FILE_PART = '--x\r\nContent-Disposition: form-data; name="files"; filename="a/1.sql"\r\n\r\nSELECT 1;';

describe('a multipart body', () => {
  it('is JSON and files with their folders', async () => {
    expect(await send(`${JSON_PART}${FILE_PART}\r\n--x--\r\n`)).toBe('[{"a":1},[["a/1.sql","SELECT 1;"]]]');
  });

  it.each([
    ['a file', `${JSON_PART}${FILE_PART}`],
    ['the JSON', JSON_PART.slice(0, -4)],
    ['a head', `${JSON_PART}${FILE_PART.slice(0, 30)}`],
  ])('that ends within %s is refused, and the next one is read', async (_, body) => {
    expect(await send(body)).toBe('VALIDATION_FAILED');
    expect(await send(`${JSON_PART}--x--\r\n`)).toBe('[{"a":1},[]]');
  });

  it('has JSON of 1 MiB at most, also where that comes as a file', async () => {
    const head = '--x\r\nContent-Disposition: form-data; name="source"; filename="source.json"\r\n\r\n';
    const of = (bytes: number) => `${head}"${'x'.repeat(bytes - 2)}"\r\n--x--\r\n`;
    expect(await send(of(1024 * 1024))).toContain('xxx');
    expect(await send(of(1024 * 1024 + 1))).toBe('PAYLOAD_TOO_LARGE');
  });

  it('whose sender has left before it is read is refused, instead of being waited for', async () => {
    const left = new Promise<unknown>((resolve) => {
      late = (req) => {
        req.on('close', () => resolve(readUpload(req, 'source').catch(({ code }: EdenError) => code)));
        sent.destroy();
      };
    });
    const { port } = server.address() as AddressInfo;
    const headers = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': 1000 };
    const sent = request({ port, host: '127.0.0.1', method: 'PUT', path: '/late', headers });
    sent.on('error', () => undefined).write(JSON_PART);
    expect(await left).toBe('VALIDATION_FAILED');
  });
});
