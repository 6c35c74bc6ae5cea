/**
 * The limit of api-overhead: `node:http` alone, one pipelined connection, a statement that is prepared once, and a token that is
 * verified once. Told of its database, tells its port.
 */
import { createSecretKey } from 'node:crypto';
import { createServer } from 'node:http';
import jwt from 'jsonwebtoken';
import pg from 'pg';

process.once('message', async ({ databaseUrl, secret, query }) => {
  const client = new pg.Client({ connectionString: databaseUrl, pipeline: true });
  await client.connect();
  const key = createSecretKey(secret, 'utf8');
  const known = new Set();
  const verify = (token) => {
    if (known.has(token)) return;
    jwt.verify(token, key, { algorithms: ['HS256'] });
    known.add(token);
  };
  const answer = async (req, res) => {
    verify(req.headers.authorization.slice('Bearer '.length));
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const fields = JSON.parse(Buffer.concat(chunks));
    const { rows, rowCount } = await client.query({ name: 'read', text: query, values: [fields.id] });
    const read = {
      template_executed: 'read_item',
      fields_received: fields,
      status: 'success',
      rows,
      row_count: rowCount,
    };
    const text = JSON.stringify({ status: 'success', data: { [req.url.split('/').at(-1)]: read } });
    const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(text) };
    res.writeHead(200, headers).end(text);
  };
  const server = createServer((req, res) => answer(req, res).catch(() => res.destroy()));
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
});
