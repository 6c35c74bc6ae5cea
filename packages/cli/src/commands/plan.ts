import type { Connection, Plan } from '@eden/client';
import {
  decideDefinitions,
  hasSteps,
  planInputOf,
  readActual,
  readEndpoint,
  readPlan,
  type EndpointEntry,
  type PlanInput,
} from '@eden/reconcile';
import type { Command } from 'commander';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { desiredRelease } from '../apply/desired.js';
import { withExamples } from '../examples.js';
import { CommandError, EXIT, type ExitCode } from '../exit-codes.js';
import { loadFile, type LoadedFile } from '../file/load-file.js';
import { resolveEndpoint } from '../file/resolve-values.js';
import { FORMATS } from '../render/output.js';
import { renderPlan, renderPlanMarkdown } from '../render/plan.js';
import { renderPlanJunit, renderPlanSarif } from '../render/plan-report.js';
import { seenFrom } from '../seen-from.js';
import type { Call, Shell } from '../shell.js';
import { requestPlan } from '../sources/request-plan.js';
import { nextReleaseOf, releaseOf, type FileFlags } from '../which-release.js';

interface PlanFlags extends FileFlags {
  readonly target?: string;
  readonly to?: string;
  readonly exitCode?: boolean;
}

const PLAN_FORMATS = [...FORMATS, 'markdown', 'sarif', 'junit'] as const;

type PlanCall = Call<PlanFlags, (typeof PLAN_FORMATS)[number]>;

export function addPlan(program: Command, shell: Shell): void {
  const command = program
    .command('plan')
    .argument('[migration]', 'the plan that its last sync has made')
    .description('what would run, where and how: of eden.yaml as it is now, or of a migration')
    .option('-f, --file <file>', 'default: eden.yaml')
    .option('--env <name>', 'with eden.<name>.yaml over it')
    .option('--target <source>', 'this source alone')
    .option('--to <version>', 'up to this version of each source')
    .option('--exit-code', 'exit code 5 when there is something to run')
    .action(shell.action(showPlan, PLAN_FORMATS));
  withExamples(command, [
    ['eden plan', 'of ./eden.yaml; nothing is stored or changed'],
    ['eden plan -o markdown > comment.md', 'for the comment of a pull request'],
    ['eden plan -o sarif > plan.sarif', 'its findings, for code scanning; junit: for test reports'],
    ['eden plan shop-2 -o json', 'of a migration, with every statement'],
  ]);
}

async function showPlan(call: PlanCall, named?: string): Promise<ExitCode> {
  const { options, terminal, format } = call;
  const { connection } = await call.session();
  const { release, plan, paths = {} } = await findPlan(call, connection, named);
  const forms = {
    table: () => renderPlan(terminal, release, plan),
    markdown: () => renderPlanMarkdown(release, plan),
    sarif: () => renderPlanSarif(release, plan, paths),
    junit: () => renderPlanJunit(release, plan, paths),
    json: () => JSON.stringify(plan, null, 2),
    yaml: () => stringify(plan),
    name: () => `plan/${plan.hash}`,
  };
  terminal.data(forms[format]());
  return options.exitCode === true && hasSteps(plan) ? EXIT.changes : EXIT.done;
}

interface FoundPlan {
  readonly release: string;
  readonly plan: Plan;
  /** Where the folders of the sources lie, as seen from where the command runs, by their ids; unknown of a plan that the service has. */
  readonly paths?: Readonly<Record<string, string>>;
}

/** The service makes one now of what the file has; of a file that has nothing to run there is the one that sync has made. */
async function findPlan(call: PlanCall, connection: Connection, named?: string): Promise<FoundPlan> {
  if (named !== undefined) return storedPlan(connection, named.replace(/^migration\//, ''));
  const { options, surroundings } = call;
  const loaded = await loadFile({ file: options.file, environment: options.env, cwd: surroundings.cwd });
  const desired = await desiredRelease(loaded, options);
  const actual = await readActual(connection, desired);
  const input = planInputOf(desired, actual, decideDefinitions(desired, actual));
  if (input === null) return storedPlan(connection, await releaseOf(call, connection));
  const endpoints = await unknownEndpoints(call, connection, loaded, input);
  const plan = await requestPlan(connection, { ...input, endpoints });
  const pathOf = (path: string): string => seenFrom(surroundings.cwd, resolve(loaded.folder, path));
  const paths = Object.fromEntries(desired.sources.map(({ id, path }) => [id, pathOf(path)]));
  return { release: await nextReleaseOf(connection, desired.line), plan: { ...plan, current: true }, paths };
}

/** Endpoints of the sources and templates that only the file has. */
async function unknownEndpoints(
  { surroundings }: PlanCall,
  connection: Connection,
  { content }: LoadedFile,
  { sources, templates = [] }: PlanInput,
): Promise<EndpointEntry[]> {
  const ofTemplates = templates.flatMap(({ template }) => template.endpoint ?? []);
  const names = [...new Set([...sources.map(({ endpoint }) => endpoint), ...ofTemplates])];
  const found = await Promise.all(names.map((name) => readEndpoint(connection, name)));
  return names.flatMap((name, index) => {
    const entry = content.endpoints[name];
    return found[index] !== null || entry === undefined ? [] : [resolveEndpoint(name, entry, surroundings.env)];
  });
}

async function storedPlan(connection: Connection, release: string): Promise<FoundPlan> {
  const plan = await readPlan(connection, release);
  if (plan !== null) return { release, plan };
  throw new CommandError(`${release} has no plan yet`, `Run "eden migrations sync ${release} --wait" to make one.`);
}
