import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { resolveBinary as resolveDbmate } from 'dbmate';
import knex from 'knex';
import { runner as runNodePgMigrate } from 'node-pg-migrate';
import pg from 'pg';
import { migrate as runPostgresMigrations } from 'postgres-migrations';
import { findProgram } from './programs.mjs';

const execute = promisify(execFile);
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const NODE_PG_MIGRATE = {
  direction: 'up',
  migrationsTable: 'pgmigrations',
  singleTransaction: true,
  advisoryLockMode: 'wait',
  logger: SILENT,
};

/**
 * The other tools, each in its fastest documented way: a library is called, a program is started. `file` names a step
 * and writes it down as that tool wants it; `migrate` brings one database to the newest step.
 */
export const PEERS = {
  dbmate: {
    version: versionOf('dbmate'),
    file: (number, sql) => [`${padded(number)}_step_${number}.sql`, `-- migrate:up\n${sql}\n-- migrate:down\n`],
    migrate: (url, folder) =>
      execute(resolveDbmate(), ['--url', url, '--migrations-dir', folder, '--no-dump-schema', 'migrate']),
  },
  'node-pg-migrate': {
    version: versionOf('node-pg-migrate'),
    file: (number, sql) => [`${padded(number)}_step_${number}.sql`, `-- Up Migration\n${sql}`],
    migrate: (databaseUrl, dir) => runNodePgMigrate({ ...NODE_PG_MIGRATE, databaseUrl, dir }),
  },
  'postgres-migrations': {
    version: versionOf('postgres-migrations'),
    file: (number, sql) => [`${number}_step_${number}.sql`, sql],
    migrate: async (url, folder) => {
      const client = new pg.Client(url);
      await client.connect();
      try {
        await runPostgresMigrations({ client }, folder);
      } finally {
        await client.end();
      }
    },
  },
  knex: {
    version: versionOf('knex'),
    file: (number, sql) => [
      `${padded(number)}_step_${number}.mjs`,
      `export const up = (knex) => knex.raw(${JSON.stringify(sql)});\nexport const down = () => undefined;\n`,
    ],
    migrate: async (url, directory) => {
      const database = knex({ client: 'pg', connection: url, pool: { min: 0, max: 1 }, log: SILENT });
      try {
        await database.migrate.latest({ directory, loadExtensions: ['.mjs'] });
      } finally {
        await database.destroy();
      }
    },
  },
  ...(findProgram('sql-migrate') && {
    'sql-migrate': {
      version: 'of the system',
      file: (number, sql) => [`${padded(number)}_step_${number}.sql`, `-- +migrate Up\n${sql}`],
      migrate: (url, folder) => {
        const config = join(folder, `${new URL(url).pathname.slice(1)}.yml`);
        writeFileSync(config, `database:\n  dialect: postgres\n  datasource: ${url}\n  dir: ${folder}\n`);
        return execute('sql-migrate', ['up', `-config=${config}`, '-env=database']);
      },
    },
  }),
};

/** The statements alone, in one transaction: no tool can be faster. Undefined where psql is not here. */
export const FLOOR = findProgram('psql') && {
  version: 'of the system',
  file: (number, sql) => [`${padded(number)}_step_${number}.sql`, sql],
  migrate: (url, folder, steps) => {
    const files = steps.flatMap((sql, at) => ['-f', join(folder, FLOOR.file(at + 1, sql)[0])]);
    return execute(findProgram('psql'), ['-X', '-q', '-1', '-v', 'ON_ERROR_STOP=1', ...files, url]);
  },
};

/** Writes the steps down for one tool. The folder is new each time: a library may keep what it has once loaded. */
export function writeSteps(peer, folder, steps) {
  mkdirSync(folder, { recursive: true });
  steps.forEach((sql, at) => {
    const [name, text] = peer.file(at + 1, sql);
    writeFileSync(join(folder, name), text);
  });
  return folder;
}

function padded(number) {
  return String(number).padStart(14, '0');
}

function versionOf(name) {
  const entry = createRequire(import.meta.url).resolve(name);
  const [root] = entry.split(join('node_modules', name, '/'));
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}
