import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { isEdenError } from '@eden/domain';
import { atEndOfFile, createMariaDbDatabase, hasMariaDb, startMariaDb } from '@eden/testkit';
import fc from 'fast-check';
import { endpointAt, sql } from '../testing/fixtures.js';
import { mysqlAdapter } from '../testing/mysql-target.js';

const describeMariaDb = hasMariaDb() ? describe : describe.skip;

/** A server that does with each connection what it is told; answers its port. */
async function serve(meet: (client: Socket) => void): Promise<number> {
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    meet(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEndOfFile(async () => void server.close());
  return (server.address() as AddressInfo).port;
}

function endpointTo(port: number, url = `mariadb://eden:secret@127.0.0.1:${port}/shop`) {
  return endpointAt('', { kind: 'MySQL', config: { url } });
}

/** What comes of looking at it, in a word. */
async function outcomeAt(adapter: ReturnType<typeof mysqlAdapter>, endpoint: ReturnType<typeof endpointTo>) {
  try {
    const session = await adapter.openExecution(endpoint, {
      readOnly: true,
      gate: null,
      lockTimeoutMs: 1000,
      statementTimeoutMs: 1000,
      idleTimeoutMs: 0,
    });
    await session.readOnce(sql('SELECT 1 AS one')).finally(() => session.abandon());
    return 'answered';
  } catch (error) {
    return isEdenError(error) ? error.code : error;
  }
}

const TOLD = [
  'ENDPOINT_UNAVAILABLE',
  'ENDPOINT_NOT_ALLOWED',
  'TEMPLATE_EXECUTION_FAILED',
  'RESULT_TOO_LARGE',
  'answered',
];

/** An error of a server, an answer of one column that is no answer, a request for a file, and what is no packet at all. */
const LIES: readonly (readonly [string, Buffer])[] = [
  ['an empty packet', Buffer.from([0, 0, 0, 1])],
  ['an error without words', Buffer.from([1, 0, 0, 1, 0xff])],
  ['a request for a file', Buffer.from([12, 0, 0, 1, 0xfb, ...Buffer.from('/etc/passwd')])],
  ['columns that never come', Buffer.from([3, 0, 0, 1, 0xfc, 0xff, 0xff])],
  ['a packet of 16 MiB that is only announced', Buffer.from([0xff, 0xff, 0xff, 1, 0x01])],
  ['a packet out of order', Buffer.from([7, 0, 0, 77, 0, 0, 0, 2, 0, 0, 0])],
  ['an OK that is cut off', Buffer.from([1, 0, 0, 1, 0])],
  ['text of another protocol', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['a question for another way to log in', Buffer.from([6, 0, 0, 1, 0xfe, 0x61, 0x62, 0x63, 0, 0x64])],
];

describe('a server that is no MariaDB', () => {
  it('ends nothing but its own connection, whatever it greets with', async () => {
    const adapter = mysqlAdapter({ connectTimeoutMs: 2000 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 0, maxLength: 120 }), fc.boolean(), async (bytes, asPacket) => {
        const header = Buffer.from([bytes.length, 0, 0, 0]);
        const port = await serve((client) => client.end(asPacket ? Buffer.concat([header, bytes]) : bytes));
        expect(await outcomeAt(adapter, endpointTo(port))).toBe('ENDPOINT_UNAVAILABLE');
      }),
      { numRuns: 100, examples: LIES.map(([, lie]) => [new Uint8Array(lie), false]) },
    );
  });
});

describeMariaDb('a server that begins as a MariaDB', () => {
  it('ends nothing but its own connection, whatever it says instead of one of its answers', async () => {
    const database = await createMariaDbDatabase(await startMariaDb());
    const adapter = mysqlAdapter({ connectTimeoutMs: 2000, answerTimeoutMs: 500 });
    for (const [name, lie] of LIES) {
      for (let at = 1; at <= 8; at += 1) {
        const port = await serve((client) => lieAt(client, database.server.port, { at, lie }));
        const url = database.url.replace(`:${database.server.port}/`, `:${port}/`);
        const endpoint = endpointTo(port, url);
        expect({ name, at, outcome: TOLD.includes(String(await outcomeAt(adapter, endpoint))) }).toEqual({
          name,
          at,
          outcome: true,
        });
        await adapter.forget(endpoint.uuid);
      }
    }
  });
});

/** The n-th part of what the server says is replaced, and nothing comes any more. */
function lieAt(client: Socket, port: number, { at, lie }: { readonly at: number; readonly lie: Buffer }): void {
  const server = connect(port, '127.0.0.1');
  let parts = 0;
  server.on('error', () => client.destroy());
  client.on('data', (data) => server.write(data));
  client.on('close', () => server.destroy());
  server.on('data', (data) => {
    parts += 1;
    if (parts < at) client.write(data);
    else if (parts === at) {
      client.end(lie);
      server.destroy();
    }
  });
}
