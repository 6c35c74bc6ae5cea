import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { ask, canAsk } from '../ask.js';
import { withExamples } from '../examples.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { idOf, propose, variableOf, type Proposal } from '../init/propose.js';
import { renderFile } from '../init/render-file.js';
import { scanTree } from '../init/scan-tree.js';
import { printItems } from '../render/output.js';
import { seenFrom } from '../seen-from.js';
import type { Call, Shell } from '../shell.js';

interface InitFlags {
  readonly file: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly migration?: string;
}

const DEFAULT_FILE = 'eden.yaml';

export function addInit(program: Command, shell: Shell): void {
  const command = program
    .command('init')
    .description('find the migration folders of other tools here, and write an eden.yaml for them')
    .option('-f, --file <file>', 'what to write', DEFAULT_FILE)
    .option('--migration <name>', 'the line of releases; default: the name of the folder')
    .option('--yes', 'take what is found, without a question')
    .option('--force', 'write over a file that is there')
    .action(shell.action<InitFlags>(init));
  withExamples(command, [
    ['eden init', 'asks what each database is called'],
    ['eden init --yes --migration shop', 'without a terminal'],
  ]);
}

async function init(call: Call<InitFlags>): Promise<void> {
  const { options, surroundings, terminal } = call;
  const file = resolve(surroundings.cwd, options.file);
  if (existsSync(file) && options.force !== true) {
    throw new CommandError(
      `${options.file} is there already`,
      'Say --force to write over it, or name another with -f.',
      EXIT.usage,
    );
  }
  if (options.yes !== true && !canAsk(surroundings)) {
    throw new CommandError('There is no terminal to ask at', 'Say --yes to take what is found.', EXIT.usage);
  }
  const project = idOf(basename(surroundings.cwd));
  const proposals = propose(await scanTree(surroundings.cwd), project);
  if (proposals.length === 0) throw nothingFound();
  show(call, proposals);
  const chosen = options.yes === true ? proposals : await review(call, proposals);
  await write(call, file, renderFile(options.migration ?? project, writtenIn(dirname(file), surroundings.cwd, chosen)));
  terminal.say(`Wrote ${options.file}. Next:`);
  for (const variable of new Set(chosen.map((proposal) => proposal.variable)))
    terminal.say(`  export ${variable}=postgresql://user:password@host:5432/database`);
  terminal.say(`  eden apply ${options.file === DEFAULT_FILE ? '' : `-f ${options.file} `}--wait`);
}

/** Paths in the file are relative to it. */
function writtenIn(folder: string, cwd: string, proposals: readonly Proposal[]): Proposal[] {
  return proposals.map((proposal) => ({ ...proposal, path: seenFrom(folder, resolve(cwd, proposal.path)) }));
}

/** @throws CommandError when it cannot be written there */
async function write({ options }: Call<InitFlags>, file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${options.file} cannot be written (${error.code})`, 'Check that its folder is there.');
  });
}

function nothingFound(): CommandError {
  return new CommandError(
    'There is no migration folder of dbmate, golang-migrate, goose, Prisma, Flyway, node-pg-migrate, Drizzle or Liquibase here',
    'Go to the top of your working tree; or write eden.yaml by hand, see docs/reference/cli.md.',
  );
}

function show(call: Call<InitFlags>, proposals: readonly Proposal[]): void {
  printItems(call, proposals, {
    name: ({ path }) => `folder/${path}`,
    columns: [
      ['FOLDER', ({ path }) => path],
      ['TOOL', ({ tool, alternatives }) => [tool, ...alternatives].join(' or ')],
      ['FILES', ({ files }) => files],
      ['ENDPOINT', ({ endpoint }) => endpoint],
      ['URL FROM', ({ variable }) => variable],
    ],
  });
}

async function review({ surroundings }: Call<InitFlags>, proposals: readonly Proposal[]): Promise<Proposal[]> {
  const chosen: Proposal[] = [];
  const variables = new Map<string, string>();
  for (const proposal of proposals) {
    const name = await ask(surroundings, `Endpoint for ${proposal.path} ("-" leaves it out)`, proposal.endpoint);
    if (name === '-') continue;
    const endpoint = idOf(name);
    const known = variables.get(endpoint);
    const variable = known ?? (await ask(surroundings, 'Variable with its URL', variableOf(endpoint)));
    variables.set(endpoint, variable);
    chosen.push({ ...proposal, endpoint, variable, tool: await chooseTool(surroundings, proposal) });
  }
  return chosen;
}

async function chooseTool(
  surroundings: Call<InitFlags>['surroundings'],
  { path, tool, alternatives }: Proposal,
): Promise<Proposal['tool']> {
  if (alternatives.length === 0) return tool;
  const known = [tool, ...alternatives];
  const answer = await ask(surroundings, `${path} looks like ${known.join(' and ')}: which is it`, tool);
  return known.find((each) => each === answer) ?? tool;
}
