import pg from 'pg';

/** An application database of the demo. */
export interface Target {
  readonly name: string;
  readonly url: string;
}

/** Row count and checksum of the same columns, so that source and copy can be compared. */
export interface TableSummary {
  readonly rows: number;
  readonly checksum: string;
}

const CUSTOMERS = 50_000;
const ORDERS = 80_000;

export async function generateCustomers(target: Target): Promise<void> {
  await query(
    target,
    `CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL, email text, created_at timestamptz NOT NULL);
     INSERT INTO customers (id, name, email, created_at)
     SELECT n, 'Customer ' || n || ' O''Neill', 'customer' || n || '@example.org', timestamptz '2024-01-15' - n * interval '1 minute'
       FROM generate_series(1, ${CUSTOMERS}) AS n;
     ANALYZE customers`,
  );
}

export async function generateOrders(target: Target): Promise<void> {
  await query(
    target,
    `CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, cents bigint NOT NULL);
     INSERT INTO orders (id, customer_id, cents)
     SELECT n, 1 + n % ${CUSTOMERS}, 100 + n * 7 % 10000 FROM generate_series(1, ${ORDERS}) AS n;
     ANALYZE orders`,
  );
}

/** md5 over all rows in order of id: equal data has equal checksums, on whichever server it is. */
export async function summarize(target: Target, table: string, columns: string): Promise<TableSummary> {
  const [row] = await query(
    target,
    `SELECT count(*)::int AS rows, coalesce(md5(string_agg(md5(row(${columns})::text), '' ORDER BY id)), '-') AS checksum FROM ${table}`,
  );
  return row as unknown as TableSummary;
}

export async function tableExists(target: Target, table: string): Promise<boolean> {
  const [row] = await query(target, `SELECT to_regclass('${table}') IS NOT NULL AS found`);
  return row?.['found'] === true;
}

export async function columnExists(target: Target, table: string, column: string): Promise<boolean> {
  const rows = await query(
    target,
    `SELECT FROM information_schema.columns WHERE table_name = '${table}' AND column_name = '${column}'`,
  );
  return rows.length > 0;
}

async function query(target: Target, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: target.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
