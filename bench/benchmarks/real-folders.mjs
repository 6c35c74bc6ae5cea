import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { createFleet, query, renewFleet } from '../harness/fleet.mjs';
import { FOLDER_TOOLS, putSources, runToEnd, writeFolder } from '../harness/folders.mjs';
import { findProgram } from '../harness/programs.mjs';
import { alternate, median, spread } from '../harness/rounds.mjs';
import { round, withService } from '../harness/service.mjs';
import { applicationSteps } from '../harness/application.mjs';

const execute = promisify(execFile);
/** A machine that has other work to do takes minutes for one round. */
const settings = { rounds: Number(process.env.EDEN_BENCH_ROUNDS ?? 3), files: 434 };

export const benchmark = {
  description:
    '434 files in the manner of a public application, on an empty database: milliseconds, and the same schema',
  settings,
  run: () => withService(measure),
};

async function measure({ clusters, client }) {
  const psql = findProgram('psql');
  if (psql === undefined) throw new Error('psql is what this is compared with: install it');
  const [database] = await createFleet([clusters.first], ['application']);
  await client.post('/endpoints', { id: 'application', kind: 'Postgres', config: { url: database.url } });
  const root = await mkdtemp(join(tmpdir(), 'eden-bench-'));
  const syncs = [];
  try {
    const steps = applicationSteps(settings.files);
    const plain = { file: (number, sql) => [`${String(number).padStart(4, '0')}.sql`, sql] };
    const names = { psql: writeFolder(plain, join(root, 'psql'), steps) };
    names.prisma = writeFolder(FOLDER_TOOLS.prisma, join(root, 'prisma'), steps);
    const schemas = new Set();
    const sides = {
      'psql, file by file (floor)': () =>
        timed(async () => {
          for (const name of names.psql) await runPsql(psql, database.url, join(root, 'psql', name));
        }),
      'ours, one transaction': () => ours({ client, root, names: names.prisma, syncs }),
    };
    const figures = await alternate(Object.keys(sides), settings.rounds, async (side) => {
      await renewFleet([database]);
      const milliseconds = await sides[side]();
      schemas.add(await schemaOf(database));
      if (schemas.size > 1) throw new Error(`${side} has left another schema than the others`);
      return milliseconds;
    });
    return report(figures, syncs);
  } finally {
    await rm(root, { recursive: true });
  }
}

let migrations = 0;

async function ours({ client, root, names, syncs }) {
  const id = `application_${(migrations += 1)}`;
  const options = { concurrently: 'inline' };
  await client.post('/migrations', { id });
  const folder = join(root, 'prisma');
  await putSources(client, id, { endpoints: ['application'], tool: 'prisma', folder, names, options });
  syncs.push(await timed(() => runToEnd(client, id, 'sync')));
  return timed(() => runToEnd(client, id, 'migrate'));
}

function runPsql(psql, url, file) {
  return execute(psql, ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', file, url]);
}

async function timed(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Everything that the files make, as the catalog tells it; the history of the tool and our own schema are left out. */
async function schemaOf({ url }) {
  const rows = await query(
    url,
    `SELECT format('%s.%s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull) AS line
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relname !~ '^_prisma'
     UNION ALL
     SELECT pg_get_indexdef(indexrelid) || indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      WHERE c.relnamespace = 'public'::regnamespace AND c.relname !~ '^_prisma'
     UNION ALL
     SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text !~ '_prisma'
     UNION ALL
     SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
     UNION ALL
     SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      WHERE NOT tgisinternal AND c.relnamespace = 'public'::regnamespace
     UNION ALL
     SELECT description FROM pg_description WHERE objoid::regclass::text ~ '^(table|item)'
     ORDER BY 1`,
  );
  return rows.map(({ line }) => line).join('\n');
}

function report(figures, syncs) {
  const [floor] = figures.values();
  const sides = [...figures].map(([side, values]) => ({
    side,
    ...spread('ms', values),
    ratio_to_psql: round(median(values) / median(floor)),
  }));
  return [...sides, { side: 'our sync before', ...spread('ms', syncs) }];
}
