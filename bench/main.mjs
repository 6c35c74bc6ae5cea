/**
 * `npm run bench [-- NAME…]`: runs the named benchmarks (default: all), prints a table, and writes bench/results/<name>.json
 * with the machine, the versions and the settings. Absolute numbers on a shared machine mean little.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const available = readdirSync(join(HERE, 'benchmarks')).map((file) => file.replace(/\.mjs$/, ''));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !available.includes(name));

if (unknown.length > 0) {
  console.error(`No benchmark ${unknown.join(', ')}. There are: ${available.join(', ')}`);
  process.exitCode = 1;
} else {
  for (const name of wanted.length > 0 ? wanted : available) await run(name);
}

async function run(name) {
  const { benchmark } = await import(`./benchmarks/${name}.mjs`);
  console.log(`\n${name}: ${benchmark.description}`);
  const figures = await benchmark.run();
  console.table(figures);
  mkdirSync(join(HERE, 'results'), { recursive: true });
  writeFileSync(
    join(HERE, 'results', `${name}.json`),
    `${JSON.stringify(report(name, benchmark, figures), null, 2)}\n`,
  );
}

function report(name, { settings }, figures) {
  const machine = { cores: cpus().length, cpu: cpus()[0]?.model, memory_gib: Math.round(totalmem() / 2 ** 30) };
  return { name, at: new Date().toISOString(), node: process.version, machine, settings, figures };
}
