import { answerOf, pagesOf, type Connection, type RunSummary } from '@eden/client';
import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { printItems } from '../render/output.js';
import { runView } from '../render/views.js';
import type { Call, Shell } from '../shell.js';
import { releasesOf, type FileFlags } from '../which-release.js';

const PAGE = 200;

export function addHistory(program: Command, shell: Shell): void {
  const command = program
    .command('history')
    .argument('[line]', 'default: the line of eden.yaml')
    .description('every run of every release of a line, the newest first')
    .option('-f, --file <file>', 'the file that names the line of releases')
    .option('--env <name>', 'with eden.<name>.yaml over it')
    .action(shell.action<FileFlags>(showHistory));
  withExamples(command, [
    ['eden history', 'of the line of ./eden.yaml'],
    ['eden history shop -o json', 'for scripts'],
  ]);
}

async function showHistory(call: Call<FileFlags>, named?: string): Promise<void> {
  const { connection } = await call.session();
  const releases = await releasesOf(call, connection, named);
  const runs = await Promise.all(releases.map(({ id }) => runsOf(connection, id)));
  printItems(call, runs.flat(), runView);
}

async function runsOf(connection: Connection, migration: string): Promise<RunSummary[]> {
  const pages = pagesOf((cursor) =>
    answerOf(
      connection.GET('/api/v1/migrations/{migration}/runs', {
        params: { path: { migration }, query: { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } },
      }),
    ),
  );
  const runs: RunSummary[] = [];
  for await (const run of pages) runs.push(run);
  return runs;
}
