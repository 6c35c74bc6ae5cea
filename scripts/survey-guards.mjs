/**
 * `npm run simulate:guards [-- --seeds N] [GUARD[+GUARD] …]`: takes away one guard after the other and writes into spec/guards.json how
 * many seeds it took until a promise was broken. All of them take about a quarter of an hour on two cores.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { ROOT } from './ensure-installed.mjs';
import { installAndBuild } from './prepare.mjs';

const FILE = join(ROOT, 'spec/guards.json');

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '2000' } },
  allowPositionals: true,
});

async function measure(name) {
  const args = ['packages/simulation/dist/main.js', '--break', name, '--from', '1', '--seeds', values.seeds];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const output = await text(child.stdout);
  const [, seeds] = /: missed after (\d+) seeds$/m.exec(output) ?? [];
  const [, promise] = /^seed \d+ fails: ([PI]\d+|[a-z ]+):/m.exec(output) ?? [];
  const [, tried] = /^(\d+) schedules in /m.exec(output) ?? [];
  if (tried === undefined) throw new Error(`${name}: ${output}`);
  return { missedAfter: seeds === undefined ? null : Number(seeds), tried: Number(tried), promise: promise ?? null };
}

/** After each of them: whoever ends it early keeps what was measured. */
async function write(rows) {
  writeFileSync(FILE, await format(JSON.stringify(rows), { ...(await resolveConfig(FILE)), filepath: FILE }));
}

async function survey() {
  const rows = JSON.parse(readFileSync(FILE, 'utf8'));
  for (const row of rows) {
    const name = row.guards.join('+');
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    row.measured = await measure(name);
    console.log(name, JSON.stringify(row.measured));
    await write(rows);
  }
}

if (await installAndBuild()) await survey();
else process.exitCode = 1;
