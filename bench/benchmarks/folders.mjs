import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFleet, query, renewFleet, someAtATime, tableSteps } from '../harness/fleet.mjs';
import { FOLDER_TOOLS, putSources, runToEnd, writeFolder } from '../harness/folders.mjs';
import { alternate, median, spread } from '../harness/rounds.mjs';
import { round, withService } from '../harness/service.mjs';

const settings = { rounds: 3, databases: 4, servers: 2, files: 100, rowsPerFile: 100 };

export const benchmark = {
  description: '4 databases × 100 pending files (table, index, 100 rows) of one tool: milliseconds until all are there',
  settings,
  run: () => withService(measure),
};

async function measure({ clusters, client }) {
  const names = Array.from({ length: settings.databases }, (_, n) => `folder_${n}`);
  const fleet = await createFleet([clusters.first, clusters.second], names);
  for (const { name, url } of fleet) await client.post('/endpoints', { id: name, kind: 'Postgres', config: { url } });
  const root = await mkdtemp(join(tmpdir(), 'eden-bench-'));
  const syncs = new Map();
  try {
    const sides = Object.assign(
      {},
      ...Object.entries(FOLDER_TOOLS).map(([name, tool]) => sidesOf({ name, tool, client, fleet, syncs, root })),
    );
    const figures = await alternate(Object.keys(sides), settings.rounds, async (side) => {
      await renewFleet(fleet);
      const milliseconds = await sides[side]();
      await assertComplete(fleet);
      return milliseconds;
    });
    return report(figures, syncs);
  } finally {
    await rm(root, { recursive: true });
  }
}

function sidesOf({ name, tool, client, fleet, syncs, root }) {
  const folder = join(root, name);
  const files = writeFolder(tool, folder, tableSteps(settings.files));
  const byTool = (atATime) => () =>
    timed(async () => {
      const results = await someAtATime(fleet, atATime, ({ url }) => tool.migrate(url, folder, files));
      const failed = results.find(({ status }) => status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    });
  let migrations = 0;
  const ours = async () => {
    const id = `${name}_${(migrations += 1)}`;
    await client.post('/migrations', { id });
    await putSources(client, id, { endpoints: fleet.map((each) => each.name), tool: name, folder, names: files });
    const sync = await timed(() => runToEnd(client, id, 'sync'));
    syncs.set(name, [...(syncs.get(name) ?? []), sync]);
    return timed(() => runToEnd(client, id, 'migrate'));
  };
  const label = `${name} ${tool.version}`;
  return {
    [`${label}, one database after the other`]: byTool(1),
    [`${label}, four at once`]: byTool(settings.databases),
    [`${name}, ours, all four or none`]: ours,
  };
}

async function timed(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function assertComplete(fleet) {
  for (const { name, url } of fleet) {
    const [{ rows }] = await query(url, `SELECT count(*)::int AS rows FROM step_${settings.files}`);
    if (rows !== settings.rowsPerFile) throw new Error(`${name} was not migrated`);
  }
}

/** Each tool's sides beside that tool with four at once. */
function report(figures, syncs) {
  const rows = [...figures].map(([side, values]) => {
    const tool = side.split(/[ ,]/)[0];
    const [, four] = [...figures].find(([other]) => other.startsWith(`${tool} `) && other.endsWith('four at once'));
    return { side, ...spread('ms', values), ratio_to_four_at_once: round(median(values) / median(four)) };
  });
  const before = [...syncs].map(([tool, values]) => ({ side: `${tool}, our sync before`, ...spread('ms', values) }));
  return [...rows, ...before];
}
