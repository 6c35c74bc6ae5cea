import { answerOf, type Drift } from '@eden/client';
import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { print } from '../render/output.js';
import { printable, renderTable } from '../render/table.js';
import type { Call, Shell } from '../shell.js';
import type { Terminal } from '../terminal.js';
import { releaseOf, type FileFlags } from '../which-release.js';

interface DriftFlags extends FileFlags {
  readonly exitCode?: boolean;
}

export function addDrift(program: Command, shell: Shell): void {
  const command = program
    .command('drift')
    .argument('[migration]', 'default: the newest release of eden.yaml')
    .description('what has changed in the schemas of its databases since its last run, whoever has changed it')
    .option('-f, --file <file>', 'the file that names the line of releases')
    .option('--env <name>', 'with eden.<name>.yaml over it')
    .option('--exit-code', 'exit code 5 when something has')
    .action(shell.action<DriftFlags>(showDrift));
  withExamples(command, [
    ['eden drift', 'one line for each object'],
    ['eden drift shop-2 --exit-code', 'for CI, and for alarms'],
    ['eden drift -o json', 'with all that is known of each object, before and after'],
  ]);
}

async function showDrift(call: Call<DriftFlags>, named?: string): Promise<ExitCode> {
  const { options, terminal } = call;
  const { connection } = await call.session();
  const migration = await releaseOf(call, connection, named);
  const params = { path: { migration } };
  const { data } = await answerOf(connection.GET('/api/v1/migrations/{migration}/drift', { params }));
  const name = [...new Set(data.map(({ endpoint }) => `endpoint/${endpoint}`))];
  print(call, data, { name, table: () => showForPeople(terminal, migration, data) });
  return options.exitCode === true && data.length > 0 ? EXIT.changes : EXIT.done;
}

const MARKS = { added: '+', changed: '~', removed: '-' } as const;
const COLORS = { added: 'green', changed: 'yellow', removed: 'red' } as const;
const LONGEST = 60;

function showForPeople(terminal: Terminal, migration: string, drift: readonly Drift[]): void {
  if (drift.length === 0) {
    terminal.say(`No drift: the schemas are as the last run of ${migration} left them.`);
    return;
  }
  const rows = drift.map(({ endpoint, object, change, before, after }) => [
    terminal.style(COLORS[change], MARKS[change]),
    endpoint,
    object,
    short(before),
    short(after),
  ]);
  terminal.data(renderTable(['', 'ENDPOINT', 'OBJECT', 'BEFORE', 'AFTER'], rows));
}

function short(text: string | null): string {
  const line = printable(text ?? '').replace(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
