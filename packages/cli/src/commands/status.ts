import type { Connection, Migration, Run } from '@eden/client';
import { listSources, readMigration, readPlan } from '@eden/reconcile';
import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { EXIT, exitCodeOfRun, type ExitCode } from '../exit-codes.js';
import { describeStoredError } from '../render/error.js';
import { printItems } from '../render/output.js';
import { describeRun, renderSteps, styleOf } from '../render/run.js';
import { migrationView } from '../render/views.js';
import { renderSources } from '../render/sources.js';
import type { Call, Shell } from '../shell.js';
import { followRun } from '../watch/follow-run.js';
import { releaseOf, type FileFlags } from '../which-release.js';

interface StatusFlags extends FileFlags {
  readonly watch?: boolean;
}

export function addStatus(program: Command, shell: Shell): void {
  const command = program
    .command('status')
    .argument('[migration]', 'default: the newest release of eden.yaml')
    .description('how far a migration is, in every database')
    .option('-f, --file <file>', 'the file that names the line of releases')
    .option('--env <name>', 'with eden.<name>.yaml over it')
    .option('-w, --watch', 'until its run has ended; Ctrl-C ends the watching, not the run')
    .action(shell.action<StatusFlags>(showStatus));
  withExamples(command, [
    ['eden status', 'of the line of ./eden.yaml'],
    ['eden status shop-2 --watch', 'live, with the progress of each database'],
    ['eden status -o json', 'for scripts'],
  ]);
}

async function showStatus(call: Call<StatusFlags>, named?: string): Promise<ExitCode> {
  const { connection } = await call.session();
  const release = await releaseOf(call, connection, named);
  if (call.options.watch !== true) {
    await show(call, connection, release);
    return EXIT.done;
  }
  const { run } = await readMigration(connection, release);
  const { terminal, surroundings } = call;
  const ended =
    run === null ? null : await followRun(run.uuid, { connection, terminal, interrupt: surroundings.interrupt });
  await show(call, connection, release);
  return ended === null ? EXIT.done : exitCodeOfRun(ended);
}

async function show(call: Call<StatusFlags>, connection: Connection, release: string): Promise<void> {
  const migration = await readMigration(connection, release);
  if (call.format === 'table') return showForPeople(call, connection, migration);
  printItems(call, migration, migrationView);
}

async function showForPeople(
  { terminal }: Call<StatusFlags>,
  connection: Connection,
  migration: Migration,
): Promise<void> {
  const { id, state, atomicity, run } = migration;
  const level = atomicity === null ? '' : `, ${atomicity}`;
  terminal.data(`${terminal.style('bold', id)}  ${terminal.style(styleOf(state), state)}${level}`);
  if (run === null) return terminal.say('It has not run yet: "eden apply" runs it.');
  terminal.data(describeLastRun(run));
  const plan = await readPlan(connection, id);
  if (run.apis.length > 0) terminal.data(`\n${renderSteps(run, plan)}`);
  const parts = (plan?.later_parts.length ?? 0) + 1;
  if (parts > 1)
    terminal.data(`\nThis is the first of ${parts} parts: "eden apply" runs the next one when it is completed.`);
  const sources = await listSources(connection, id);
  if (sources.length > 0) terminal.data(`\n${renderSources(sources)}`);
}

function describeLastRun(run: Run): string {
  const when = run.started_at ?? run.created_at;
  const error = run.error === undefined ? [] : describeStoredError(run.error);
  return [`Last run: ${describeRun(run)}, by ${run.actor}, ${when} (${run.uuid})`, ...error].join('\n');
}
