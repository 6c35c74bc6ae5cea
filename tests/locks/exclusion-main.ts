import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Sandbox } from '@eden/sandbox';
import { ExclusionRun, type ExclusionReport } from './exclusion-run.js';

/** `npm run test:locks -- --minutes N`: half of the time with one lock master, half with three. */

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '2' } } });
const seconds = (Number(values.minutes) * 60) / 2;
const sandbox = await Sandbox.create(join(import.meta.dirname, '..', '..', '.eden'));

function print(masters: number, { intact, lost, overlaps, faults }: ExclusionReport): void {
  const disturbances = Object.entries(faults).map(([fault, count]) => `${count} × ${fault}`);
  console.log(`${masters} master(s), 4 processes; ${disturbances.join(', ')}`);
  console.log(`  critical sections: ${intact.read} read, ${intact.write} written, ${lost} given up as lost`);
  console.log(`  overlaps: ${overlaps.length}`);
  for (const overlap of overlaps.slice(0, 5)) console.log(overlap);
  if (overlaps.length > 0 || intact.read === 0 || intact.write === 0) process.exitCode = 1;
}

try {
  for (const masters of [1, 3]) {
    print(masters, await ExclusionRun.perform(sandbox, { masters, processes: 4, seconds, ttlMs: 800 }));
  }
} finally {
  await sandbox.stop();
}
