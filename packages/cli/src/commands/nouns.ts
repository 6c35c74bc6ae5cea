import { pagesOf, type UploadFile } from '@eden/client';
import type { Command } from 'commander';
import { readInput } from '../ask.js';
import { withExamples } from '../examples.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { resolveConfig } from '../file/resolve-values.js';
import { readBody, readBytes } from '../input.js';
import { NOUNS, type Noun } from '../nouns.js';
import { printItems } from '../render/output.js';
import { report } from '../report.js';
import type { Call, Shell } from '../shell.js';
import { assertMeant, withYes, type DeleteFlags } from './deleting.js';

interface ListFlags {
  readonly limit: string;
}
interface BodyFlags {
  readonly file?: string;
  readonly set?: string[];
  readonly passwordStdin?: boolean;
  readonly sql?: string;
  readonly rollbackSql?: string;
}

const DEFAULT_LIMIT = '50';
const LARGEST_PAGE = 200;

/** `eden <noun> get|list|create|update|delete`, as far as the service has the routes. */
export function addNouns(program: Command, shell: Shell): void {
  for (const noun of NOUNS) {
    const command = program.command(noun.plural).alias(noun.singular).description(`the ${noun.plural} of the service`);
    withExamples(command, [[`eden ${noun.plural} list`, 'the newest first']]);
    addGet(command, shell, noun);
    addList(command, shell, noun);
    if (noun.create !== undefined) addCreate(command, shell, noun);
    if (noun.update !== undefined) addUpdate(command, shell, noun);
    if (noun.delete !== undefined) addDelete(command, shell, noun);
  }
}

function addGet(parent: Command, shell: Shell, noun: Noun<unknown>): void {
  const command = parent.command('get').argument(`<${noun.singular}>`).description(`one ${noun.singular}`);
  command.action(
    shell.action(async (call, name) => {
      const { connection } = await call.session();
      printItems(call, (await noun.get(connection, name as string)).data, noun.view);
    }),
  );
  withExamples(command, [[`eden ${noun.plural} get NAME -o yaml`, 'all that there is of it']]);
}

function addList(parent: Command, shell: Shell, noun: Noun<unknown>): void {
  const command = parent.command('list').description(`the ${noun.plural}, the newest first`);
  if (noun.listOf !== undefined) command.argument(`[${noun.listOf}]`, 'default: all of the organization');
  command.option('--limit <n>', 'at most so many', DEFAULT_LIMIT).action(
    shell.action<ListFlags>(async (call, of) => {
      printItems(call, await readList(call, noun, of), noun.view);
    }),
  );
  withExamples(command, [
    [`eden ${noun.plural} list -o name`, 'one name a line, for scripts'],
    ...(noun.listOf === undefined ? [] : [[`eden ${noun.plural} list shop`, `of this ${noun.listOf} alone`] as const]),
  ]);
}

async function readList(call: Call<ListFlags>, noun: Noun<unknown>, of?: string): Promise<unknown[]> {
  const limit = Number(call.options.limit);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new CommandError(`--limit ${call.options.limit} is no number`, 'Give a whole number above 0.', EXIT.usage);
  }
  const { connection } = await call.session();
  const query = { limit: Math.min(limit, LARGEST_PAGE) };
  const pages = pagesOf((cursor) => noun.list(connection, cursor === undefined ? query : { ...query, cursor }, of));
  const items: unknown[] = [];
  for await (const item of pages) {
    if (items.length === limit) {
      call.terminal.say(`There are more than ${limit}: --limit N shows them.`);
      break;
    }
    items.push(item);
  }
  return items;
}

function withBody(command: Command, noun: Noun<unknown>): Command {
  command
    .option('-f, --file <file>', 'YAML or JSON; - reads stdin')
    .option('--set <path=value...>', 'one value, also within: config.pool_size=5');
  if (noun.singular === 'user') command.option('--password-stdin', 'read the password from stdin');
  if (noun.texts !== undefined) {
    command
      .option('--sql <file>', 'its text as it is, up to 64 MiB ("syntax": "sql")')
      .option('--rollback-sql <file>', 'the text of its rollback, likewise');
  }
  return command;
}

/** The texts beside the body. */
async function textsOf({ options, surroundings }: Call<BodyFlags>, noun: Noun<unknown>): Promise<UploadFile[]> {
  const files = Object.entries(noun.texts ?? {}).flatMap(([option, field]) => {
    const path = options[option as 'sql' | 'rollbackSql'];
    return path === undefined ? [] : [{ field, path }];
  });
  return Promise.all(files.map(async (file) => ({ ...file, bytes: await readBytes(surroundings, file.path) })));
}

async function bodyOf({ surroundings, options }: Call<BodyFlags>, noun: Noun<unknown>) {
  const body = await readBody(surroundings, options);
  if (options.passwordStdin === true) body['password'] = await readInput(surroundings);
  const { config } = body;
  if (noun.singular !== 'endpoint' || typeof config !== 'object' || config === null) return body;
  return { ...body, config: resolveConfig(config, 'config', surroundings.env) };
}

const BODY_EXAMPLES: Readonly<Record<string, string>> = {
  endpoint: '--set kind=Postgres --set config.url=env:USERS_DATABASE_URL',
  robot: `--set access_level=Write --set 'scopes=["read","migrate"]' --set expires_in=7776000`,
  user: '--set access_level=Write --password-stdin < password',
  migration: '--set parameters.tier=gold',
  template: '--sql schema.sql --set template.endpoint=users --set template.kind=Write',
};

const CHANGE_EXAMPLES: Readonly<Record<string, string>> = { run: '--set max_rows_per_second=2000' };

function addCreate(parent: Command, shell: Shell, noun: Noun<unknown>): void {
  const command = parent.command('create').argument('[name]', 'unless the file has it');
  withBody(command.description(`create ${article(noun)} ${noun.singular}`), noun).action(
    shell.action<BodyFlags>(async (call, name) => {
      const body = await bodyOf(call, noun);
      const texts = await textsOf(call, noun);
      const whole = name === undefined ? body : { ...body, [noun.key]: name };
      const { connection } = await call.session();
      const answer = await noun.create?.(connection, whole, texts);
      const made = `${noun.singular}/${String(whole[noun.key])}`;
      report(call, answer, { name: made, sentence: `${made} created`, secret: noun.secret });
    }),
  );
  withExamples(command, [
    [`eden ${noun.plural} create -f ${noun.singular}.yaml`, 'from a file'],
    [
      `eden ${noun.plural} create NAME ${BODY_EXAMPLES[noun.singular] ?? '--set description=…'}`,
      'from the command line',
    ],
  ]);
}

function addUpdate(parent: Command, shell: Shell, noun: Noun<unknown>): void {
  const command = parent.command('update').argument(`<${noun.singular}>`);
  withBody(command.description(`change what is given of ${article(noun)} ${noun.singular}`), noun).action(
    shell.action<BodyFlags>(async (call, name) => {
      const body = await bodyOf(call, noun);
      const texts = await textsOf(call, noun);
      if (Object.keys(body).length + texts.length === 0) {
        throw new CommandError('There is nothing to change', 'Give -f FILE or --set path=value.', EXIT.usage);
      }
      const { connection } = await call.session();
      const answer = await noun.update?.(connection, name as string, body, texts);
      const changed = `${noun.singular}/${name as string}`;
      report(call, answer, { name: changed, sentence: `${changed} updated` });
    }),
  );
  const change = CHANGE_EXAMPLES[noun.singular] ?? '--set description="for orders"';
  withExamples(command, [[`eden ${noun.plural} update NAME ${change}`, 'one value']]);
}

function addDelete(parent: Command, shell: Shell, noun: Noun<unknown>): void {
  const command = parent.command('delete').argument(`<${noun.singular}>`);
  withYes(command.description(`delete ${article(noun)} ${noun.singular}`)).action(
    shell.action<DeleteFlags>(async (call, name) => {
      await assertMeant(call, `Delete ${noun.singular} ${name as string}?`);
      const { connection } = await call.session();
      const answer = await noun.delete?.(connection, name as string);
      const deleted = `${noun.singular}/${name as string}`;
      report(call, answer, { name: deleted, sentence: `${deleted} deleted` });
    }),
  );
  withExamples(command, [[`eden ${noun.plural} delete NAME --yes`, 'without a question']]);
}

function article({ singular }: Noun<unknown>): string {
  return /^[aeio]/.test(singular) ? 'an' : 'a';
}
