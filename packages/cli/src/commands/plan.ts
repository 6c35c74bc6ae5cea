import type { Command } from 'commander';
import { stringify } from 'yaml';
import { withExamples } from '../examples.js';
import { CommandError, EXIT, type ExitCode } from '../exit-codes.js';
import { checkFormat } from '../render/output.js';
import { renderPlan, renderPlanMarkdown } from '../render/plan.js';
import { readPlan } from '../runs.js';
import type { Call, Shell } from '../shell.js';
import { releaseOf, type FileFlags } from '../which-release.js';

interface PlanFlags extends FileFlags {
  readonly exitCode?: boolean;
}

const PLAN_FORMATS = ['table', 'markdown', 'json', 'yaml'] as const;

export function addPlan(program: Command, shell: Shell): void {
  const command = program
    .command('plan')
    .argument('[migration]', 'default: the newest release of eden.yaml')
    .description('the plan that the last sync has made: what migrate will run, where and how')
    .option('-f, --file <file>', 'the file that names the line of releases')
    .option('--env <name>', 'with eden.<name>.yaml over it')
    .option('--exit-code', 'exit code 5 when there is something to run')
    .action(shell.action<PlanFlags>(showPlan));
  withExamples(command, [
    ['eden plan', 'of the line of ./eden.yaml, to read'],
    ['eden plan shop-2 -o markdown > comment.md', 'for the comment of a pull request'],
    ['eden plan shop-2 -o json', 'with every statement'],
  ]);
}

async function showPlan(call: Call<PlanFlags>, named?: string): Promise<ExitCode> {
  const { options, terminal } = call;
  const format = checkFormat(options.output, PLAN_FORMATS);
  const { connection } = await call.session();
  const release = await releaseOf(call, connection, named);
  const plan = await readPlan(connection, release);
  if (plan === null) {
    throw new CommandError(`${release} has no plan yet`, `Run "eden migrations sync ${release} --wait" to make one.`);
  }
  const forms = {
    table: () => renderPlan(terminal, release, plan),
    markdown: () => renderPlanMarkdown(release, plan),
    json: () => JSON.stringify(plan, null, 2),
    yaml: () => stringify(plan),
  };
  terminal.data(forms[format]());
  const hasWork = plan.apis.some(({ bindings }) => bindings.length > 0);
  return options.exitCode === true && hasWork ? EXIT.changes : EXIT.done;
}
