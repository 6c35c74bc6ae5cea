/** What api-overhead compares with: Express, pg and a token, and nothing else. Told of its database, tells its port. */
import { createSecretKey } from 'node:crypto';
import express from 'express';
import jwt from 'jsonwebtoken';
import pg from 'pg';

process.once('message', ({ databaseUrl, secret, query }) => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  // As ours does: given a string, jsonwebtoken takes ten times as long.
  const key = createSecretKey(secret, 'utf8');
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(express.json());
  app.post('/api/v1/apis/:api', async (req, res) => {
    jwt.verify(req.headers.authorization.slice('Bearer '.length), key, { algorithms: ['HS256'] });
    const { rows, rowCount } = await pool.query(query, [req.body.id]);
    const answer = { template_executed: 'read_item', fields_received: req.body, status: 'success' };
    res.json({ status: 'success', data: { [req.params.api]: { ...answer, rows, row_count: rowCount } } });
  });
  const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
});
