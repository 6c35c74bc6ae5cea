import { connect, createServer, type AddressInfo } from 'node:net';
import { atEndOfFile } from '@eden/testkit';

/** The first byte and the length of the message in which a server tells the number of a session. */
const KEY_DATA = Buffer.from([0x4b, 0, 0, 0, 12]);

/** Passes everything on but that number, which a pooler makes up. */
export function poolerBefore(port: number): Promise<number> {
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      const at = chunk.indexOf(KEY_DATA);
      if (at >= 0) chunk.writeInt32BE(1, at + KEY_DATA.length);
      client.write(chunk);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('close', () => other.destroy()).on('error', () => undefined);
    }
  });
  atEndOfFile(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}
