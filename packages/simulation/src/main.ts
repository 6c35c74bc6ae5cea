import { parseArgs } from 'node:util';
import { breakageNamed, GUARDS, type Breakage } from './guards/guards.js';
import { takeAway } from './guards/take-away.js';
import { runLanes } from './lanes.js';
import { Tally } from './tally.js';
import type { Telling } from './tell.js';

/** `npm run simulate -- [--seeds N] [--seconds S] [--seed X] [--break GUARD[+GUARD]] [--list-guards]` */

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string' },
    from: { type: 'string' },
    break: { type: 'string' },
    shrink: { type: 'boolean', default: false },
    'list-guards': { type: 'boolean', default: false },
  },
});

const SEEDS = 2_000;
/** A guard that is not missed within so many seeds is not needed, or not tested. */
const SEEDS_FOR_A_GUARD = 20_000;
const SEED_LIMIT = 2 ** 31;
/** Of the first seed that fails. */
const STORY_LINES = 80;

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new RangeError(`--${name} takes a whole number, not "${text}"`);
  return number;
}

function optional(name: 'seeds' | 'seconds' | 'seed' | 'from'): number | null {
  const text = values[name];
  return text === undefined ? null : wholeNumber(name, text);
}

function listGuards(): void {
  for (const { name, holds, mutation } of GUARDS) {
    console.log(`${name.padEnd(44)} ${holds} (${mutation === undefined ? 'port' : mutation.file})`);
  }
}

function chosen(): Breakage | null {
  return values.break === undefined ? null : breakageNamed(values.break);
}

/** How many seeds, from which one on, and until when. */
function budget(breakage: Breakage | null) {
  const seconds = optional('seconds');
  const usual = breakage === null ? SEEDS : SEEDS_FOR_A_GUARD;
  return {
    most: optional('seeds') ?? (seconds === null ? usual : Infinity),
    from: optional('from') ?? Math.floor(Math.random() * (SEED_LIMIT / 2)),
    until: seconds === null ? Infinity : performance.now() + seconds * 1_000,
  };
}

async function campaign(): Promise<void> {
  const breakage = chosen();
  const { most, from, until } = budget(breakage);
  const tally = new Tally(breakage);
  let given = 0;
  const isEnough = (): boolean =>
    given >= most || performance.now() >= until || (breakage !== null && tally.failed > 0);
  console.log(`seeds from ${from}${breakage === null ? '' : `, without ${breakage.name}`}`);
  await runLanes({
    breakage,
    next: () => (isEnough() ? null : (from + (given += 1) - 1) % SEED_LIMIT),
    report: (report) => tally.add(report),
  });
  tally.print();
  const [first] = tally.failures;
  if (first !== undefined && breakage === null) await tell(first, { breakage, isShrunk: false, most: STORY_LINES });
  tally.printLastLine();
  if (tally.failed > 0) process.exitCode = 1;
}

/** What is told is loaded behind what takes guards out of it. */
async function tell(seed: number, telling: Telling): Promise<boolean> {
  if (telling.breakage !== null) takeAway(telling.breakage);
  const { tellSeed } = await import('./tell.js');
  return tellSeed(seed, telling);
}

async function oneSeed(seed: number): Promise<void> {
  const breakage = chosen();
  const failed = await tell(seed, { breakage, isShrunk: values.shrink, most: Infinity });
  console.log(failed ? '0 passed, 1 failed' : '1 passed, 0 failed');
  if (failed) process.exitCode = 1;
}

const seed = optional('seed');
if (values['list-guards']) listGuards();
else if (seed !== null) await oneSeed(seed);
else await campaign();
