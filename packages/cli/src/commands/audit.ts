import { answerOf, type AuditEntry, type AuditVerification } from '@eden/client';
import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { CommandError, EXIT, type ExitCode } from '../exit-codes.js';
import { print, printItems, printNext, type Format, type View } from '../render/output.js';
import { printable } from '../render/table.js';
import type { Call, Shell } from '../shell.js';

interface Filter {
  readonly actor?: string;
  readonly action?: string;
  readonly subject?: string;
  readonly since?: string;
  readonly until?: string;
}

const entryView: View<AuditEntry> = {
  name: ({ uuid }) => `entry/${uuid}`,
  columns: [
    ['AT', ({ at }) => at],
    ['ACTOR', ({ actor }) => actor],
    ['ACTION', ({ action }) => action],
    ['SUBJECT', ({ subject }) => subject],
    ['RESULT', ({ result }) => result],
    ['FROM', ({ origin }) => origin],
  ],
};

/** Who did what to what. */
export function addAudit(program: Command, shell: Shell): void {
  const audit = program.command('audit').description('who did what to what, from where, and what came of it');
  withExamples(audit, [['eden audit list --actor ann', 'the newest first']]);
  addList(audit, shell);
  addExport(audit, shell);
  addVerify(audit, shell);
}

function withFilter(command: Command): Command {
  return command
    .option('--actor <name>', 'who did it')
    .option('--action <action>', 'such as endpoint.create or run.finished')
    .option('--subject <id>', 'to what')
    .option('--since <time>', 'such as 2026-01-31T00:00:00Z')
    .option('--until <time>', 'before this moment');
}

function addList(audit: Command, shell: Shell): void {
  const command = withFilter(audit.command('list').description('the newest entries'));
  command.option('--limit <n>', 'at most so many, up to 200', '50').action(
    shell.action<Filter & { readonly limit: string }>(async (call) => {
      const query = { ...filterOf(call.options), limit: Number(call.options.limit) };
      const { connection } = await call.session();
      const answer = await answerOf(connection.GET('/api/v1/audit', { params: { query } }));
      printItems(call, (answer as { data: AuditEntry[] }).data, entryView);
    }),
  );
  withExamples(command, [
    ['eden audit list --subject shop --action run.finished', 'how the runs of a migration ended'],
  ]);
}

function addExport(audit: Command, shell: Shell): void {
  const command = withFilter(
    audit.command('export').description('all entries that fit, the oldest first, one JSON object a line'),
  );
  command.action(shell.action<Filter, Format>(exportEntries, ['json', 'table', 'yaml', 'name']));
  withExamples(command, [['eden audit export --since 2026-01-01T00:00:00Z > audit.jsonl', 'for another system']]);
}

async function exportEntries(call: Call<Filter>): Promise<void> {
  const { connection } = await call.session();
  const query = { ...filterOf(call.options), format: 'jsonl' } as const;
  const answer = await connection.GET('/api/v1/audit', { params: { query }, parseAs: 'stream' });
  for await (const line of linesOf(answer.data as ReadableStream<Uint8Array>)) {
    // As it came: what is archived is what was chained.
    if (call.format === 'json') call.terminal.data(line);
    else printEntry(call, JSON.parse(line) as AuditEntry);
  }
}

function printEntry(call: Call<Filter>, entry: AuditEntry): void {
  const cells = entryView.columns.map(([, cell]) => printable(String(cell(entry) ?? '–')));
  printNext(call, entry, { name: entryView.name(entry), table: () => call.terminal.data(cells.join('  ')) });
}

function addVerify(audit: Command, shell: Shell): void {
  const command = audit
    .command('verify')
    .description('look for entries that were changed, removed or inserted; 10 when there are any')
    .option('--known <head>', 'the head of an earlier verification: whether the chain still leads through it');
  command.action(shell.action<{ readonly known?: string }>(verify));
  withExamples(command, [
    ['eden audit verify', 'prints the head: keep it where nobody of the service can write'],
    ['eden audit verify --known 1041:9f86d0…', 'with one that was kept'],
  ]);
}

async function verify(call: Call<{ readonly known?: string }>): Promise<ExitCode> {
  const { known } = call.options;
  const { connection } = await call.session();
  const query = known === undefined ? {} : { known };
  const { data } = await answerOf(connection.GET('/api/v1/audit/verify', { params: { query } }));
  print(call, data, { name: `head/${nameOfHead(data)}`, table: () => describe(call, data) });
  if (data.intact) return EXIT.done;
  const next = 'Keep the control database as it is, and compare it with its backups and with earlier exports.';
  throw new CommandError('The audit is not as it was written', next, EXIT.refused);
}

/** As `--known` takes it. */
function nameOfHead({ head }: AuditVerification): string {
  return `${head.position}:${head.hash}`;
}

function describe({ terminal }: Call<object>, verification: AuditVerification): void {
  const { links, waiting, findings, further_findings } = verification;
  for (const { kind, position, entry, details } of findings) {
    terminal.data([kind, position ?? '-', entry ?? '-', details].join('  '));
  }
  if (further_findings > 0) terminal.say(`and ${further_findings} more`);
  if (waiting > 0) terminal.say(`${waiting} entries of the last moments have no place in the chain yet`);
  terminal.say(`${links} entries looked at. The chain ends with:`);
  terminal.data(nameOfHead(verification));
}

function filterOf({ actor, action, subject, since, until }: Filter): Filter {
  const given = Object.entries({ actor, action, subject, since, until }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
