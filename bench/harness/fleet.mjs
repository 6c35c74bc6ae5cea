import pg from 'pg';

/** New databases, on the servers in turn: the targets of one migration. */
export async function createFleet(servers, names) {
  const fleet = names.map((name, at) => {
    const server = servers[at % servers.length];
    return { name, url: `${server.url(name)}?sslmode=disable`, adminUrl: server.url() };
  });
  await renewFleet(fleet);
  return fleet;
}

/**
 * Makes the databases anew, so that nobody works in the catalogs that the side before has left behind, and writes all
 * of that out.
 */
export async function renewFleet(fleet) {
  await someAtATime(fleet, 4, async ({ name, adminUrl }) => {
    await query(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await query(adminUrl, `CREATE DATABASE ${name}`);
  });
  for (const adminUrl of new Set(fleet.map((database) => database.adminUrl))) await query(adminUrl, 'CHECKPOINT');
}

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
