import type { Plan } from '@eden/client';
import type { Command } from 'commander';
import { desiredOf } from '../apply/desired.js';
import { withExamples } from '../examples.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { loadFile } from '../file/load-file.js';
import { describeAction, type Action } from '../reconcile/actions.js';
import { decideDefinitions } from '../reconcile/decide-definitions.js';
import { decideRelease, type ReleaseDecision } from '../reconcile/decide-release.js';
import { readActual } from '../reconcile/read-actual.js';
import { checkFormat } from '../render/output.js';
import { renderPlan } from '../render/plan.js';
import type { Call, Shell } from '../shell.js';
import { hasSteps, planSources } from '../sources/source-routes.js';
import type { FileFlags } from '../which-release.js';
import { stringify } from 'yaml';

interface DiffFlags extends FileFlags {
  readonly exitCode?: boolean;
  readonly id?: string;
  readonly target?: string;
  readonly to?: string;
}

export function addDiff(program: Command, shell: Shell): void {
  const command = program
    .command('diff')
    .description('what "eden apply" would change, and which files it would run')
    .option('-f, --file <file>', 'default: eden.yaml')
    .option('--env <name>', 'read eden.<name>.yaml over it')
    .option('--id <name>', 'the name of the release, in place of the next of the line')
    .option('--exit-code', 'exit code 5 when there are changes')
    .action(shell.action<DiffFlags>(showDiff));
  withExamples(command, [
    ['eden diff', 'one line for each change'],
    ['eden diff --env prod --exit-code', 'for CI'],
  ]);
}

interface Difference {
  readonly decision: ReleaseDecision;
  readonly changes: readonly Action[];
  /** Of the folders, where their endpoints are there already. */
  readonly plan: Plan | null;
}

/** Looks and changes nothing. */
export async function showDiff(call: Call<DiffFlags>): Promise<ExitCode> {
  const { options, terminal } = call;
  const format = checkFormat(options.output, ['table', 'json', 'yaml'] as const);
  const difference = await findDifference(call);
  const { changes, plan } = difference;
  const entries = changes.map(entryOf);
  if (format === 'json') terminal.data(JSON.stringify(entries, null, 2));
  else if (format === 'yaml') terminal.data(stringify(entries));
  else showForPeople(call, difference);
  const isDifferent = changes.length > 0 || (plan !== null && hasSteps(plan));
  return options.exitCode === true && isDifferent ? EXIT.changes : EXIT.done;
}

async function findDifference(call: Call<DiffFlags>): Promise<Difference> {
  const { options, surroundings } = call;
  const loaded = await loadFile({ file: options.file, environment: options.env, cwd: surroundings.cwd });
  const desired = await desiredOf(loaded, surroundings.env, options);
  const { connection } = await call.session();
  const actual = await readActual(connection, desired);
  const definitions = decideDefinitions(desired, actual);
  const canLook = desired.sources.length > 0 && definitions.length === 0;
  const plan = canLook ? await planSources(connection, desired.sources) : null;
  const decision = decideRelease(desired, actual, { hasPendingFiles: plan !== null && hasSteps(plan) });
  const changes = [...definitions, ...(decision.kind === 'migrate' ? decision.actions : [])];
  return { decision, changes, plan };
}

function showForPeople({ terminal }: Call<DiffFlags>, { decision, changes, plan }: Difference): void {
  const { release } = decision;
  if (changes.length > 0) terminal.data(changes.map(describeAction).join('\n'));
  if (decision.kind === 'watch')
    terminal.say(`${release}: ${decision.run.kind} is under way (run ${decision.run.uuid})`);
  if (plan !== null && hasSteps(plan)) terminal.data(`\n${renderPlan(terminal, release, { ...plan, current: true })}`);
  else if (changes.length === 0) terminal.say(`No changes: ${release} is as the file says.`);
}

/** For programs: what is done to what. Bodies are left out, they hold credentials. */
function entryOf(action: Action): { do: string; what: string } {
  return { do: action.do, what: describeAction(action) };
}
