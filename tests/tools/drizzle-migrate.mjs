/** Drizzle's own migrator: `node drizzle-migrate.mjs <url> <folder>`. */
import process from 'node:process';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

const [url, migrationsFolder] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url });
await migrate(drizzle(pool), { migrationsFolder });
await pool.end();
