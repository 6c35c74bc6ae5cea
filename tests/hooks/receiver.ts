import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@jest/globals';
import { atEndOfFile, eventually } from '@eden/testkit';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export type Reply = (res: ServerResponse) => void;

const ACCEPT: Reply = (res) => void res.writeHead(204).end();

/** Somebody outside who gets what webhooks send. */
export class Receiver {
  readonly received: Received[] = [];
  /** What it answers, by path; 204 otherwise. */
  readonly replies = new Map<string, Reply>();

  private constructor(readonly port: number) {}

  static async start(): Promise<Receiver> {
    const server = createServer((req, res) => void receiver.receive(req, res));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const receiver = new Receiver((server.address() as AddressInfo).port);
    atEndOfFile(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return receiver;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  at(path: string): readonly Received[] {
    return this.received.filter((each) => each.path === path);
  }

  /** Once so many have come to the path. */
  async count(path: string, count: number): Promise<readonly Received[]> {
    return eventually(() => {
      expect(this.at(path).length).toBeGreaterThanOrEqual(count);
      return this.at(path);
    });
  }

  private async receive(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const path = req.url ?? '';
    this.received.push({ path, headers: req.headers, text: Buffer.concat(chunks).toString() });
    (this.replies.get(path) ?? ACCEPT)(res);
  }
}
