import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createSchemaEngine, SchemaEngineAdapterFactory } from '../../packages/database/dist/schema-engine.js';
import { PEERS } from './peers.mjs';

/** The engine wants a pool of the driver that its own adapter has. */
const pg = createRequire(join(import.meta.dirname, '..', '..', 'packages', 'database', 'package.json'))('pg');

const LOCK = 'provider = "postgresql"\n';

/** Prisma's engine as WebAssembly, which `prisma migrate deploy` runs as a binary. */
const PRISMA = {
  version: JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve('../../node_modules/@prisma/schema-engine-wasm/package.json')),
  ).version,
  file: (number, sql) => [`${20_260_101_000_000 + number}_step_${number}/migration.sql`, sql],
  migrate: async (url, folder, names) => {
    const pool = new pg.Pool({ connectionString: url });
    try {
      const migrationDirectories = names.map((name) => {
        const value = readFileSync(join(folder, name), 'utf8');
        return { path: dirname(name), migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } } };
      });
      const lockfile = { path: 'migration_lock.toml', content: LOCK };
      const schema = 'datasource db {\n  provider = "postgresql"\n}\n';
      const engine = await createSchemaEngine(new SchemaEngineAdapterFactory(pool), schema);
      const migrationsList = { baseDir: folder, lockfile, shadowDbInitScript: '', migrationDirectories };
      await engine.applyMigrations({ migrationsList, filters: { externalTables: [], externalEnums: [] } });
    } finally {
      await pool.end();
    }
  },
};

/** The tools whose folders both they and we can apply. node-pg-migrate wants names that are times. */
export const FOLDER_TOOLS = {
  dbmate: PEERS.dbmate,
  'node-pg-migrate': {
    ...PEERS['node-pg-migrate'],
    file: (number, sql) => [`${1_700_000_000_000 + number}_step-${number}.sql`, `-- Up Migration\n${sql}`],
  },
  prisma: PRISMA,
};

/** Writes the statements down, one file each; answers the names, in their order. */
export function writeFolder({ file }, folder, steps) {
  return steps.map((sql, at) => {
    const [name, text] = file(at + 1, sql);
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
    return name;
  });
}

/** Gives a migration the same folder as a source for each endpoint. */
export async function putSources({ url, token }, migration, { endpoints, tool, folder, names, options = {} }) {
  for (const endpoint of endpoints) {
    const form = new FormData();
    form.append('source', JSON.stringify({ endpoint, tool, options }));
    if (tool === 'prisma') form.append('files', new Blob([LOCK]), 'migration_lock.toml');
    for (const name of names) form.append('files', new Blob([readFileSync(join(folder, name))]), name);
    const headers = { authorization: `Bearer ${token}` };
    const path = `${url}/api/v1/migrations/${migration}/sources/${endpoint}`;
    const answer = await fetch(path, { method: 'PUT', headers, body: form });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
}

/** Starts a run and waits for its end, however long it takes. */
export async function runToEnd(client, migration, kind) {
  await client.post(`/migrations/${migration}/${kind}`);
  for (;;) {
    const { run } = (await client.get(`/migrations/${migration}`)).data;
    if (run.kind === kind && run.state === 'succeeded') return;
    if (['failed', 'cancelled'].includes(run.state)) throw new Error(JSON.stringify(run.error));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
