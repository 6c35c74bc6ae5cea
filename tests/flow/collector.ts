import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEndOfFile } from '@eden/testkit';

/** A span as OTLP's JSON has it, with the service that it came from. */
export interface ReceivedSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface WireSpan extends Omit<ReceivedSpan, 'service' | 'attributes'> {
  readonly attributes?: readonly Attribute[];
}

interface TracesData {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

/** What a collector of traces does: takes OTLP over HTTP, and keeps the spans. */
export class Collector {
  readonly spans: ReceivedSpan[] = [];
  /** Everything that has come, as it came. */
  received = '';

  private constructor(readonly url: string) {}

  static async start(): Promise<Collector> {
    const server = createServer((req, res) => void collector.take(req, res));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const collector = new Collector(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    atEndOfFile(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return collector;
  }

  /** From a span to the first one of its trace that was received, itself first. */
  lineOf(span: ReceivedSpan): ReceivedSpan[] {
    const parent = this.spans.find(({ spanId }) => spanId === span.parentSpanId);
    return [span, ...(parent === undefined ? [] : this.lineOf(parent))];
  }

  private async take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    if (req.url !== '/v1/traces') return void res.writeHead(404).end();
    this.received += text;
    this.spans.push(...spansOf(JSON.parse(text) as TracesData));
    res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }
}

function spansOf({ resourceSpans }: TracesData): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    const spans = scopeSpans.flatMap((scope) => scope.spans);
    return spans.map(({ attributes = [], ...span }) => ({ ...span, service, attributes: valuesOf(attributes) }));
  });
}

function valuesOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
