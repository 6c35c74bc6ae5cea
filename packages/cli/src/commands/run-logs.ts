import { answerOf, pagesOf, type Connection, type Page, type RunEvent } from '@eden/client';
import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { EXIT, exitCodeOfRun, type ExitCode } from '../exit-codes.js';
import { printNext } from '../render/output.js';
import { describeEvent } from '../render/run-event.js';
import { latestRun } from '../runs.js';
import type { Call, Shell } from '../shell.js';
import { followRun } from '../watch/follow-run.js';
import { Terminal } from '../terminal.js';

interface LogFlags {
  readonly follow?: boolean;
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export function addRunLogs(program: Command, shell: Shell): void {
  const runs = program.commands.find((command) => command.name() === 'runs') as Command;
  const command = runs
    .command('logs')
    .argument('<run>', 'its uuid, or a migration: its latest run')
    .description('what has happened in a run')
    .option('-f, --follow', 'go on until the run has ended; the exit code is that of the run')
    .action(shell.action<LogFlags>(showLogs));
  withExamples(command, [
    ['eden runs logs shop', 'what its latest run did'],
    ['eden runs logs -f 4d0f…', 'as it happens'],
    ['eden runs logs shop -o json', 'one JSON object a line'],
  ]);
}

async function showLogs(call: Call<LogFlags>, named?: string): Promise<ExitCode> {
  const { connection } = await call.session();
  const name = (named as string).replace(/^run\//, '');
  const run = UUID.test(name) ? name : (await latestRun(connection, name)).uuid;
  const print = (event: RunEvent): void => printEvent(call, event);
  if (call.options.follow !== true) {
    for await (const event of eventsSoFar(connection, run)) print(event);
    return EXIT.done;
  }
  const quiet = new Terminal(call.surroundings, { quiet: true });
  const { interrupt } = call.surroundings;
  return exitCodeOfRun(await followRun(run, { connection, terminal: quiet, interrupt, onEvent: print }));
}

/** Oldest first. */
function eventsSoFar(connection: Connection, run: string): AsyncGenerator<RunEvent> {
  return pagesOf(async (cursor) => {
    const params = { path: { run }, query: { limit: 200, ...(cursor !== undefined && { cursor }) } };
    return (await answerOf(connection.GET('/api/v1/runs/{run}/events', { params }))) as Page<RunEvent>;
  });
}

function printEvent(call: Call<LogFlags>, event: RunEvent): void {
  const table = (): void => call.terminal.data(`${event.at}  ${describeEvent(event)}`);
  printNext(call, event, { name: `event/${event.sequence}`, table });
}
