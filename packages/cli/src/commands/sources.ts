import { answerOf, type Connection, type Source } from '@eden/client';
import { deleteSource, listSources, putSource, type SourceEntry as Folder } from '@eden/reconcile';
import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { describePath, sentenceOf } from '../file/load-file.js';
import { sourceSchema, TOOLS, type SourceEntry } from '../file/schema.js';
import { readBody } from '../input.js';
import { print, printItems, type View } from '../render/output.js';
import { renderSources } from '../render/sources.js';
import { report } from '../report.js';
import type { Call, Shell } from '../shell.js';
import { readSources } from '../sources/desired-source.js';
import { assertMeant, withYes, type DeleteFlags } from './deleting.js';

interface GetFlags {
  readonly live?: boolean;
}
interface PutFlags {
  readonly endpoint?: string;
  readonly path: string;
  readonly tool?: string;
  readonly stage?: string;
  readonly file?: string;
  readonly set?: string[];
}

const sourceView: View<Source> = {
  name: ({ id }) => `source/${id}`,
  columns: [
    ['SOURCE', ({ id }) => id],
    ['ENDPOINT', ({ endpoint_id: endpoint }) => endpoint],
    ['TOOL', ({ tool }) => tool],
    ['FILES', ({ files }) => files.length],
    ['PENDING', ({ files }) => files.filter(({ state }) => state === 'pending').length],
    ['LAST LOOKED AT', ({ checked_at: at }) => at],
  ],
};

/** Sources are part of a migration, so that every verb names it first. */
export function addSources(program: Command, shell: Shell): void {
  const sources = program.command('sources').alias('source').description('the migration folders of a migration');
  withExamples(sources, [['eden sources list shop', 'of one migration']]);
  addList(sources, shell);
  addGet(sources, shell);
  addCreate(sources, shell);
  addUpdate(sources, shell);
  addDelete(sources, shell);
}

function addList(sources: Command, shell: Shell): void {
  const command = sources.command('list').argument('<migration>').description('the folders of a migration');
  command.action(
    shell.action(async (call, migration) => {
      const { connection } = await call.session();
      printItems(call, await listSources(connection, migration as string), sourceView);
    }),
  );
  withExamples(command, [['eden sources list shop -o json', 'with every file']]);
}

function addGet(sources: Command, shell: Shell): void {
  const command = sources.command('get').argument('<migration>').argument('<source>');
  command.description('every file of a folder, with its state').option('--live', 'look into the database now');
  command.action(
    shell.action<GetFlags>(async (call, migration, source) => {
      const { connection } = await call.session();
      const found = await readSource(connection, migration, source, call.options.live);
      print(call, found, { name: sourceView.name(found), table: () => call.terminal.data(renderSources([found])) });
    }),
  );
  withExamples(command, [['eden sources get shop users --live', 'as the database has it now']]);
}

async function readSource(connection: Connection, migration = '', source = '', live = false): Promise<Source> {
  const params = { path: { migration, source }, query: { live: live ? 'true' : 'false' } } as const;
  return (await answerOf(connection.GET('/api/v1/migrations/{migration}/sources/{source}', { params }))).data;
}

function addCreate(sources: Command, shell: Shell): void {
  const command = withSettings(sources.command('create').argument('<migration>').argument('<source>'));
  command.description('send a folder').action(
    shell.action<PutFlags>(async (call, migration, id) => {
      await put(call, migration as string, { id });
    }),
  );
  const line = 'eden sources create shop users --endpoint users --path db/migrations';
  withExamples(command, [
    [line, 'the tool is found by its files'],
    [`${line} --set options.placeholders.schema=public`, 'options as in eden.yaml'],
  ]);
}

function addUpdate(sources: Command, shell: Shell): void {
  const command = withSettings(sources.command('update').argument('<migration>').argument('<source>'));
  command.description('send a folder again, in place of what is there; settings that are not given stay').action(
    shell.action<PutFlags>(async (call, migration, id) => {
      const { connection } = await call.session();
      const { endpoint_id: endpoint, tool, stage, options } = await readSource(connection, migration, id);
      await put(call, migration as string, { id, endpoint, tool, stage, options });
    }),
  );
  const line = 'eden sources update shop users --path db/migrations';
  withExamples(command, [
    [line, 'its files; endpoint, tool, stage and options stay'],
    [`${line} --set options.table=history`, 'and one of its options; --set options={} leaves all out'],
  ]);
}

function withSettings(command: Command): Command {
  return command
    .requiredOption('--path <folder>', 'the folder on this machine')
    .option('--endpoint <id>', 'its database')
    .option('--tool <tool>', `${TOOLS.join(', ')}; a new source: auto`)
    .option('--stage <n>', 'stages run in order; a new source: 0')
    .option('-f, --file <file>', 'YAML or JSON with the settings of the source, as in eden.yaml; - reads stdin')
    .option('--set <path=value...>', 'one of them, also within: options.placeholders.schema=public');
}

/** Sends the folder with its settings: flags go before `--set`, that before the file, and that before what is known. */
async function put(call: Call<PutFlags>, migration: string, known: Readonly<Record<string, unknown>>): Promise<void> {
  const { options, surroundings } = call;
  const { endpoint, path, tool, stage } = options;
  const flags = { ...(endpoint && { endpoint }), ...(tool && { tool }), ...(stage && { stage: Number(stage) }), path };
  const entry = checkSource({ ...(await readBody(surroundings, options, known)), ...flags });
  const [source] = await readSources([entry], surroundings.cwd);
  const { connection } = await call.session();
  const answer = await putSource(connection, migration, source as Folder);
  const name = `source/${(source as Folder).id}`;
  report(call, answer, { name, sentence: `${name} of ${migration} has ${answer.data.files.length} files` });
}

/** @throws CommandError (usage) */
function checkSource(source: unknown): SourceEntry {
  const { data, error } = sourceSchema.safeParse(source);
  if (data !== undefined) return data;
  const lines = error.issues.map((issue) => `${describePath(issue.path)}${sentenceOf(issue)}`);
  const next = `Mend what is named. Text that reads as a number stands in quotes: --set 'options.to="20250101"'.`;
  throw new CommandError(lines.join('\n'), next, EXIT.usage);
}

function addDelete(sources: Command, shell: Shell): void {
  const command = sources.command('delete').argument('<migration>').argument('<source>');
  withYes(command.description('take a folder out of a migration')).action(
    shell.action<DeleteFlags>(async (call, migration, source) => {
      await assertMeant(call, `Delete source ${source as string} of ${migration as string}?`);
      const { connection } = await call.session();
      const answer = await deleteSource(connection, migration as string, source as string);
      const name = `source/${source as string}`;
      report(call, answer, { name, sentence: `${name} deleted` });
    }),
  );
  withExamples(command, [
    ['eden sources delete shop users', 'asks; its database stays as it is'],
    ['eden sources delete shop users --yes', 'without a question'],
  ]);
}
