import pg from 'pg';

/** New databases, on the servers in turn: the targets of one migration. */
export async function createFleet(servers, names) {
  const fleet = names.map((name, at) => ({ name, url: `${servers[at % servers.length].url(name)}?sslmode=disable` }));
  for (const [at, { name }] of fleet.entries()) {
    await query(servers[at % servers.length].url(), `CREATE DATABASE ${name}`);
  }
  return fleet;
}

/** Empties the databases, and writes out what that has left behind, so that nobody pays for the side before. */
export async function emptyFleet(fleet) {
  await Promise.all(fleet.map(({ url }) => query(url, DROP_ALL)));
  for (const { url } of new Map(fleet.map((database) => [new URL(database.url).port, database])).values()) {
    await query(url, 'CHECKPOINT');
  }
}

const DROP_ALL = `
  DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
      EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
    CREATE SCHEMA public;
  END $$`;

/** Asks one statement over a connection of its own. */
export async function query(url, text, values) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** A table, an index and 100 rows, so many times. Each step is one file, or one template. */
export function tableSteps(count) {
  return Array.from({ length: count }, (_, at) => {
    const table = `step_${at + 1}`;
    return `CREATE TABLE ${table} (id int NOT NULL, name text NOT NULL);
      CREATE INDEX ${table}_name ON ${table} (name);
      INSERT INTO ${table} SELECT n, 'row ' || n FROM generate_series(1, 100) AS n;`;
  });
}

/** Works on `concurrency` items at a time; answers as Promise.allSettled does, since a tool goes on with the others. */
export async function someAtATime(items, concurrency, work) {
  const results = [];
  const queue = items.entries();
  const workers = Array.from({ length: concurrency }, async () => {
    for (const [at, item] of queue) [results[at]] = await Promise.allSettled([work(item)]);
  });
  await Promise.all(workers);
  return results;
}
