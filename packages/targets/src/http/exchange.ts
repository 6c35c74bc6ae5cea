import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { connect as tlsConnect, TLSSocket } from 'node:tls';

const LARGEST_HEAD = 16_384;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Not connected; it leads to allowed addresses only (`Reach.socket`). */
export type MakeSocket = () => Socket;

export interface Exchange {
  readonly url: URL;
  /** Path and query as they are sent; default: the URL's. */
  readonly target?: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly socket: MakeSocket;
  /** Whether to keep a further piece of the answer's body and read on; may throw. Absent: nothing of the body is read. */
  readonly takes?: (count: number, status: number) => boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Empty where nobody wants it. */
  readonly body: Buffer;
}

/** There was no connection: nothing of the request has left this process. The cause says why. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected';
}

/**
 * Sends one request over a connection of its own, to the very address that was checked. Follows no redirect, and keeps
 * nothing open.
 * @throws NotConnected; or what kept an answer from coming whole, when nobody knows what the other side has done
 */
export async function exchange(wanted: Exchange, signal: AbortSignal): Promise<HttpAnswer> {
  const connection = await openConnection(wanted.url, wanted.socket, signal);
  try {
    const answer = await ask(connection, wanted, signal);
    const { statusCode: status = 0, headers } = answer;
    const takes = wanted.takes ?? (() => false);
    return { status, headers, body: await readBody(answer, (count) => takes(count, status)) };
  } finally {
    connection.destroy();
  }
}

async function ask(connection: Socket, wanted: Exchange, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, method, headers, body, target = `${url.pathname}${url.search}` } = wanted;
  const length = body === null ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const sent = httpRequest({
    method,
    path: target,
    createConnection: () => connection,
    headers: { ...headers, ...length, Host: url.host, Connection: 'close' },
    maxHeaderSize: LARGEST_HEAD,
    signal,
  });
  sent.end(body ?? undefined);
  const [answer] = (await once(sent, 'response', { signal })) as [IncomingMessage];
  return answer;
}

async function readBody(answer: IncomingMessage, takes: (count: number) => boolean): Promise<Buffer> {
  const pieces: Buffer[] = [];
  if (!takes(0)) return Buffer.alloc(0);
  for await (const piece of answer as AsyncIterable<Buffer>) {
    if (!takes(piece.length)) break;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Ready for a request; with TLS where the URL wants it, the server's certificate checked. @throws NotConnected */
export async function openConnection(url: URL, socket: MakeSocket, signal: AbortSignal): Promise<Socket> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const raw = socket();
  // Whatever happens once nobody waits any more is nobody's business.
  raw.on('error', () => undefined);
  try {
    signal.throwIfAborted();
    raw.connect(url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port), host);
    await once(raw, 'connect', { signal });
    return url.protocol === 'https:' ? await secured(raw, host, signal) : raw;
  } catch (cause) {
    raw.destroy();
    throw new NotConnected('not connected', { cause });
  }
}

async function secured(raw: Socket, host: string, signal: AbortSignal): Promise<TLSSocket> {
  const secure = tlsConnect({ socket: raw, host, ...(isIP(host) === 0 ? { servername: host } : {}) });
  secure.on('error', () => undefined);
  secure.on('close', () => raw.destroy());
  await once(secure, 'secureConnect', { signal });
  return secure;
}

/** The protocol of a connection as it is. */
export function protocolOf(connection: Socket): string {
  const secure = connection instanceof TLSSocket ? connection.getProtocol() : null;
  return secure === null ? 'HTTP/1.1' : `HTTP/1.1 over ${secure}`;
}
