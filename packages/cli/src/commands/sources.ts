import { answerOf, type Source } from '@eden/client';
import type { Command } from 'commander';
import { resolve } from 'node:path';
import { withExamples } from '../examples.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { TOOLS, type SourceEntry } from '../file/schema.js';
import { checkFormat, FORMATS, printItems, type View } from '../render/output.js';
import { renderSources } from '../render/sources.js';
import type { Call, Shell } from '../shell.js';
import { readFolder } from '../sources/read-folder.js';
import { deleteSource, listSources, putSource } from '../sources/source-routes.js';

interface GetFlags {
  readonly live?: boolean;
}
interface PutFlags {
  readonly endpoint: string;
  readonly path: string;
  readonly tool: string;
  readonly stage: string;
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
  addPut(sources, shell, 'create', 'send a folder');
  addPut(sources, shell, 'update', 'send a folder again, in place of what is there');
  addDelete(sources, shell);
}

function addList(sources: Command, shell: Shell): void {
  const command = sources.command('list').argument('<migration>').description('the folders of a migration');
  command.action(
    shell.action(async (call, migration) => {
      const format = checkFormat(call.options.output, FORMATS);
      const { connection } = await call.session();
      printItems(call.terminal, format, await listSources(connection, migration as string), sourceView);
    }),
  );
  withExamples(command, [['eden sources list shop -o json', 'with every file']]);
}

function addGet(sources: Command, shell: Shell): void {
  const command = sources.command('get').argument('<migration>').argument('<source>');
  command.description('every file of a folder, with its state').option('--live', 'look into the database now');
  command.action(
    shell.action<GetFlags>(async (call, migration, source) => {
      const format = checkFormat(call.options.output, FORMATS);
      const { connection } = await call.session();
      const path = { migration: migration as string, source: source as string };
      const query = { live: call.options.live === true ? 'true' : 'false' } as const;
      const route = '/api/v1/migrations/{migration}/sources/{source}';
      const { data } = await answerOf(connection.GET(route, { params: { path, query } }));
      if (format === 'table') call.terminal.data(renderSources([data]));
      else printItems(call.terminal, format, data, sourceView);
    }),
  );
  withExamples(command, [['eden sources get shop users --live', 'as the database has it now']]);
}

function addPut(sources: Command, shell: Shell, verb: 'create' | 'update', what: string): void {
  const command = sources
    .command(verb)
    .argument('<migration>')
    .argument('<source>')
    .description(what)
    .requiredOption('--endpoint <id>', 'its database')
    .requiredOption('--path <folder>', 'the folder on this machine')
    .option('--tool <tool>', TOOLS.join(', '), 'auto')
    .option('--stage <n>', 'stages run in order', '0');
  command.action(
    shell.action<PutFlags>(async (call, migration, id) => {
      const { endpoint, path, stage } = call.options;
      const files = await readFolder(resolve(call.surroundings.cwd, path), path);
      const source = {
        id: id as string,
        endpoint,
        tool: checkTool(call),
        stage: Number(stage),
        options: {},
        path,
        files,
      };
      const { connection } = await call.session();
      await putSource(connection, migration as string, source);
      call.terminal.say(`source/${id as string} of ${migration as string} has ${files.length} files`);
    }),
  );
  withExamples(command, [
    [`eden sources ${verb} shop users --endpoint users --path db/migrations`, 'the tool is found by its files'],
  ]);
}

function checkTool({ options }: Call<PutFlags>): SourceEntry['tool'] {
  const tool = TOOLS.find((each) => each === options.tool);
  if (tool !== undefined) return tool;
  throw new CommandError(`There is no tool "${options.tool}"`, `Take one of ${TOOLS.join(', ')}.`, EXIT.usage);
}

function addDelete(sources: Command, shell: Shell): void {
  const command = sources.command('delete').argument('<migration>').argument('<source>');
  command.description('take a folder out of a migration').action(
    shell.action(async (call, migration, source) => {
      const { connection } = await call.session();
      await deleteSource(connection, migration as string, source as string);
      call.terminal.say(`source/${source as string} deleted`);
    }),
  );
  withExamples(command, [['eden sources delete shop users', 'its database stays as it is']]);
}
