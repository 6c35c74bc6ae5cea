/**
 * `npm run model`: SPIN exhausts spec/commit.pml in every configuration, which has to hold, and finds every planted mistake.
 * `-- --quick`: the small configurations; `-- --long`: those that take minutes as well; a word: what has it in its name.
 * Ends with 1 when something does not hold or a mistake is not found, with 2 when SPIN or a C compiler is missing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './ensure-installed.mjs';
import { CONFIGURATIONS, MISTAKES } from './model-searches.mjs';
import { toldTrail } from './model-trail.mjs';

const MODEL = join(ROOT, 'spec/commit.pml');
const FORMS = ['quick', 'short', 'long'];

const MEMORY_MB = 4_000;
const DEEPEST = 100_000;
/** Slots of the table of states, as a power of two; more states than that only make it slower. */
const TABLE_BITS = 24;

const HOW_TO_INSTALL = 'apt-get install spin gcc (macOS: brew install spin, and xcode-select --install)';

function isMissing(command, ...args) {
  return spawnSync(command, args).error?.code === 'ENOENT';
}

function run(folder, command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1e9 });
  if (error !== undefined) throw error;
  return { status, text: stdout + stderr };
}

function runOrThrow(folder, command, args) {
  const { status, text } = run(folder, command, args);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${text}`);
  return text;
}

function definesOf(search, ...names) {
  const set = Object.entries(search.with).map(([name, value]) => (value === true ? `-D${name}` : `-D${name}=${value}`));
  return [...set, ...names.map((name) => `-D${name}`)];
}

/** One search in a folder of its own. `trail`: the execution that was found to be wrong, as a text. */
function searched(search, defines, options) {
  const folder = mkdtempSync(join(tmpdir(), 'eden-model-'));
  try {
    runOrThrow(folder, 'spin', [...defines, '-a', MODEL]);
    const built = [...options, '-DNOFAIR', `-DMEMLIM=${MEMORY_MB}`, '-o', 'pan', 'pan.c'];
    runOrThrow(folder, 'gcc', ['-O1', '-w', ...built]);
    const cycles = search.cycles ? ['-l'] : [];
    const { text } = run(folder, './pan', ['-E', `-m${DEEPEST}`, `-w${TABLE_BITS}`, ...cycles]);
    const trail = existsSync(join(folder, 'commit.pml.trail'))
      ? runOrThrow(folder, 'spin', [...defines, '-k', 'commit.pml.trail', '-t', MODEL])
      : null;
    return { text, trail };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function figuresOf(text) {
  const states = Number(/^\s*([\d.e+]+) states, stored/m.exec(text)?.[1] ?? Number.NaN);
  const megabytes = Number(/^\s*([\d.]+)\s+total actual memory usage/m.exec(text)?.[1] ?? Number.NaN);
  return { states, megabytes };
}

/** An execution was found in which something is wrong. */
const isFound = ({ text, trail }) => trail !== null && /^\s*pan:\d+: /m.test(text);

/** Nothing is wrong in any execution, and no state was left out. */
function isExhausted({ text }) {
  const isWhole = !/Search not completed|max search depth too small|out of memory/.test(text);
  return isWhole && /errors: 0/.test(text);
}

/** Without it, what a search has taken long for is taken again for each. */
function hold(configuration) {
  const options = [
    configuration.cycles ? '-DNP' : '-DSAFETY',
    ...(configuration.form === 'long' ? ['-DCOLLAPSE'] : []),
  ];
  const first = searched(configuration, definesOf(configuration, 'REACHED'), options);
  const reached = [...first.text.matchAll(/@reached (\w+)/g)].map(([, name]) => name);
  if (isExhausted(first)) return { ...first, reached, isGood: true };
  // Followed by SPIN, without the C code that tells what was reached.
  const followed = first.trail === null ? first : searched(configuration, definesOf(configuration), options);
  return { ...followed, reached, isGood: false };
}

function find(mistake) {
  const options = mistake.cycles ? ['-DNP'] : mistake.deep ? ['-DSAFETY'] : ['-DSAFETY', '-DBFS'];
  const result = searched(mistake, definesOf(mistake, mistake.name), options);
  return { ...result, reached: [], isGood: isFound(result) };
}

function report(name, what, { result, seconds, verdict }) {
  const { states, megabytes } = figuresOf(result.text);
  const figures = `${states.toLocaleString('en-US')} states, ${seconds.toFixed(1)} s, ${Math.round(megabytes)} MB`;
  console.log(`${result.isGood ? 'ok  ' : 'FAIL'} ${name}: ${verdict} (${figures}); ${what}`);
}

function explain(result) {
  if (result.trail === null) console.log(result.text.replaceAll(/^(?:unreached|\s+commit\.pml).*\n/gm, ''));
  else for (const line of toldTrail(result.trail)) console.log(`       ${line}`);
}

function timed(work) {
  const start = performance.now();
  const result = work();
  return { result, seconds: (performance.now() - start) / 1_000 };
}

function holdAll(configurations) {
  const reached = new Set();
  const results = configurations.map((configuration) => {
    const done = timed(() => hold(configuration));
    const verdict = done.result.isGood ? 'holds' : 'DOES NOT HOLD';
    report(configuration.name, configuration.what, { ...done, verdict });
    if (!done.result.isGood) explain(done.result);
    done.result.reached.forEach((name) => reached.add(name));
    return done.result.isGood;
  });
  return { results, reached };
}

function findAll(mistakes) {
  return mistakes.map((mistake) => {
    const done = timed(() => find(mistake));
    report(mistake.name, mistake.what, { ...done, verdict: done.result.isGood ? 'found' : 'NOT FOUND' });
    explain(done.result);
    return done.result.isGood;
  });
}

/** An action that no configuration takes proves nothing. */
function allAreReached(reached) {
  const named = [...readFileSync(MODEL, 'utf8').matchAll(/\b(?:step|at|atWith|fault|by)\((\w+)[,)]/g)];
  const never = new Set(named.map(([, name]) => name).filter((name) => name !== 'name' && !reached.has(name)));
  if (never.size === 0)
    console.log(`ok   each of the ${reached.size} actions of the model is taken in some configuration`);
  else console.log(`FAIL never taken: ${[...never].join(', ')}`);
  return never.size === 0;
}

/** Without those that another one of the form contains. */
function meantIn(form) {
  const done = CONFIGURATIONS.filter((each) => FORMS.indexOf(each.form) <= FORMS.indexOf(form));
  return done.filter(({ within }) => !done.some(({ name }) => name === within));
}

function main(args) {
  const form = FORMS.find((each) => args.includes(`--${each}`)) ?? 'short';
  const words = args.filter((each) => !each.startsWith('--'));
  const isMeant = ({ name }) => words.every((word) => name.includes(word));
  const meant = meantIn(form).filter(isMeant);
  const start = performance.now();
  const { results, reached } = holdAll(meant);
  const found = findAll(MISTAKES.filter(isMeant));
  const all = [...results, ...found, ...(form === 'quick' || words.length > 0 ? [] : [allAreReached(reached)])];
  console.log(`${((performance.now() - start) / 1_000).toFixed(0)} s`);
  const passed = all.filter(Boolean).length;
  console.log(`${passed} passed, ${all.length - passed} failed`);
  return passed === all.length && passed > 0 ? 0 : 1;
}

if (isMissing('spin', '-V') || isMissing('gcc', '--version')) {
  console.error(`npm run model needs SPIN and a C compiler: ${HOW_TO_INSTALL}`);
  process.exitCode = 2;
} else {
  process.exitCode = main(process.argv.slice(2));
}
