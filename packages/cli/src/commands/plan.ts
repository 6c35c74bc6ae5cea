import type { Connection, Plan } from '@eden/client';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { withExamples } from '../examples.js';
import { CommandError, EXIT, type ExitCode } from '../exit-codes.js';
import { loadFile } from '../file/load-file.js';
import { checkFormat } from '../render/output.js';
import { renderPlan, renderPlanMarkdown } from '../render/plan.js';
import { readPlan } from '../runs.js';
import type { Call, Shell } from '../shell.js';
import { readSources, upTo } from '../sources/desired-source.js';
import { findSource } from '../sources/find-source.js';
import { hasSteps, planSources } from '../sources/source-routes.js';
import { releaseOf, type FileFlags } from '../which-release.js';

interface PlanFlags extends FileFlags {
  readonly target?: string;
  readonly to?: string;
  readonly exitCode?: boolean;
}

const PLAN_FORMATS = ['table', 'markdown', 'json', 'yaml'] as const;

export function addPlan(program: Command, shell: Shell): void {
  const command = program
    .command('plan')
    .argument('[migration]', 'the plan that its last sync has made')
    .description('what would run, where and how: of the folders of eden.yaml as they are now, or of a migration')
    .option('-f, --file <file>', 'default: eden.yaml')
    .option('--env <name>', 'with eden.<name>.yaml over it')
    .option('--target <source>', 'this source alone')
    .option('--to <version>', 'up to this version of each source')
    .option('--exit-code', 'exit code 5 when there is something to run')
    .action(shell.action<PlanFlags>(showPlan));
  withExamples(command, [
    ['eden plan', 'of ./eden.yaml; nothing is stored or changed'],
    ['eden plan -o markdown > comment.md', 'for the comment of a pull request'],
    ['eden plan shop-2 -o json', 'of a migration, with every statement'],
  ]);
}

async function showPlan(call: Call<PlanFlags>, named?: string): Promise<ExitCode> {
  const { options, terminal } = call;
  const format = checkFormat(options.output, PLAN_FORMATS);
  const { connection } = await call.session();
  const { release, plan } = await findPlan(call, connection, named);
  const forms = {
    table: () => renderPlan(terminal, release, plan),
    markdown: () => renderPlanMarkdown(release, plan),
    json: () => JSON.stringify(plan, null, 2),
    yaml: () => stringify(plan),
  };
  terminal.data(forms[format]());
  return options.exitCode === true && hasSteps(plan) ? EXIT.changes : EXIT.done;
}

interface FoundPlan {
  readonly release: string;
  readonly plan: Plan;
}

/** Of folders the service makes one now; of templates and APIs alone there is the one that sync has made. */
async function findPlan(call: Call<PlanFlags>, connection: Connection, named?: string): Promise<FoundPlan> {
  if (named !== undefined) return storedPlan(connection, named.replace(/^migration\//, ''));
  const { options, surroundings } = call;
  const loaded = await loadFile({ file: options.file, environment: options.env, cwd: surroundings.cwd });
  const { sources, migration } = loaded.content;
  if (sources.length === 0) return storedPlan(connection, await releaseOf(call, connection));
  const chosen = options.target === undefined ? sources : [findSource(loaded, options.target)];
  const folders = upTo(options.to, await readSources(chosen, loaded.folder));
  return { release: migration, plan: { ...(await planSources(connection, folders)), current: true } };
}

async function storedPlan(connection: Connection, release: string): Promise<FoundPlan> {
  const plan = await readPlan(connection, release);
  if (plan !== null) return { release, plan };
  throw new CommandError(`${release} has no plan yet`, `Run "eden migrations sync ${release} --wait" to make one.`);
}
