import type { Plan } from '@eden/client';
import {
  decideDefinitions,
  decideRelease,
  describeAction,
  hasSteps,
  planInputOf,
  readActual,
  type Action,
  type ReleaseDecision,
} from '@eden/reconcile';
import type { Command } from 'commander';
import { desiredOf } from '../apply/desired.js';
import { withExamples } from '../examples.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { loadFile } from '../file/load-file.js';
import { print } from '../render/output.js';
import { renderPlan } from '../render/plan.js';
import type { Call, Shell } from '../shell.js';
import { requestPlan } from '../sources/request-plan.js';
import type { FileFlags } from '../which-release.js';

interface DiffFlags extends FileFlags {
  readonly exitCode?: boolean;
  readonly id?: string;
  readonly target?: string;
  readonly to?: string;
}

export function addDiff(program: Command, shell: Shell): void {
  const command = program
    .command('diff')
    .description('what "eden apply" would change, and what it would run')
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
  /** Of the folders and the APIs that have not run, unless an endpoint is to lead elsewhere. */
  readonly plan: Plan | null;
}

/** Looks and changes nothing. */
export async function showDiff(call: Call<DiffFlags>): Promise<ExitCode> {
  const { options } = call;
  const difference = await findDifference(call);
  const { changes, plan } = difference;
  const name = [...new Set(changes.map(nameOf))];
  print(call, changes.map(entryOf), { name, table: () => showForPeople(call, difference) });
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
  // Where an address changes, what is behind the old one tells nothing.
  const canLook = definitions.every((action) => action.do !== 'update endpoint' || action.address === null);
  const input = canLook ? planInputOf(desired, actual, definitions) : null;
  const plan = input === null ? null : await requestPlan(connection, input);
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

/** What is changed. */
function nameOf(action: Action): string {
  switch (action.do) {
    case 'create endpoint':
    case 'update endpoint':
      return `endpoint/${action.endpoint.id}`;
    case 'create template':
    case 'update template':
      return `template/${action.template.id}`;
    case 'create api':
      return `api/${action.id}`;
    case 'create migration':
    case 'update migration':
      return `migration/${action.id}`;
    case 'remove api':
    case 'add api':
      return `migration/${action.migration}`;
  }
}
