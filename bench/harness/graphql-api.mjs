/**
 * What api-overhead compares with: PostGraphile 5, which makes a GraphQL interface of a schema and answers by it. Statements are
 * prepared, tokens are verified. Told of its database, tells its port.
 */
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { PgLazyJWTPreset } from 'postgraphile/presets/lazy-jwt';

// All sides run on one Node; before 22 it has none, and nothing else keeps PostGraphile from running there.
Promise.withResolvers ??= () => {
  const one = {};
  one.promise = new Promise((resolve, reject) => Object.assign(one, { resolve, reject }));
  return one;
};

process.once('message', async ({ databaseUrl, secret }) => {
  const graphql = postgraphile({
    extends: [PostGraphileAmberPreset, PgLazyJWTPreset],
    pgServices: [makePgService({ connectionString: databaseUrl, schemas: ['public'], poolConfig: { max: 10 } })],
    grafserv: { pgJwtSecret: secret, graphiql: false, watch: false },
    grafast: { explain: false },
  });
  const server = createServer();
  await graphql.createServ(grafserv).addTo(server);
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
});
