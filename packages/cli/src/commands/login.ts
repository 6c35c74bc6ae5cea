import { answerOf, connect } from '@eden/client';
import type { Command } from 'commander';
import { ask, askSecret, canAsk, readInput } from '../ask.js';
import { changeConfig, readConfig, saveProfile, type Profile } from '../config/config-file.js';
import { checkUrl, readSettings } from '../config/settings.js';
import { readToken } from '../config/token.js';
import { withExamples } from '../examples.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { checkFormat, FORMATS, printItems } from '../render/output.js';
import type { Call, Shell } from '../shell.js';

interface LoginOptions {
  readonly org?: string;
  readonly username?: string;
  readonly passwordStdin?: boolean;
}

const DEFAULT_PROFILE = 'default';

export function addLogin(program: Command, shell: Shell): void {
  const command = program
    .command('login')
    .description('log in to a service and keep the token in config.toml')
    .option('--org <id>', 'the organization')
    .option('--username <name>', 'the user')
    .option('--password-stdin', 'read the password from stdin')
    .action(shell.action<LoginOptions>(logIn));
  withExamples(command, [
    ['eden login --url https://eden.example.com', 'asks for the rest'],
    ['eden login --url $URL --org shop --username ci --password-stdin < password', 'without a terminal'],
    ['eden login --profile staging --url $URL', 'keeps it beside others, under a name'],
  ]);
}

async function logIn(call: Call<LoginOptions>): Promise<void> {
  const { surroundings, terminal } = call;
  const { profiles, current } = await readConfig(surroundings);
  const name = call.options.profile ?? surroundings.env['EDEN_PROFILE'] ?? current ?? DEFAULT_PROFILE;
  const { url, organization, username } = await addressee(call, profiles[name]);
  const password = await passwordOf(call);
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  const { token } = await answerOf(
    connect({ url }).POST('/api/v1/auth/login', {
      body: { id: organization },
      headers: { Authorization: `Basic ${credentials}` },
    }),
  );
  await saveProfile(surroundings, name, { url, organization, username, token }, { use: true });
  terminal.say(`Logged in to ${url} as ${username} of ${organization} (profile ${name})`);
}

/** Where to and as whom: what is not given is asked for, with what the profile has as the answer to take over. */
async function addressee({ options, surroundings }: Call<LoginOptions>, known: Profile | undefined) {
  const url = options.url ?? surroundings.env['EDEN_URL'] ?? (await ask(surroundings, 'URL', known?.url));
  const organization = options.org ?? (await ask(surroundings, 'Organization', known?.organization));
  const username = options.username ?? (await ask(surroundings, 'Username', known?.username));
  return { url: checkUrl(url), organization, username };
}

async function passwordOf({ options, surroundings }: Call<LoginOptions>): Promise<string> {
  if (options.passwordStdin === true) return readInput(surroundings);
  if (canAsk(surroundings)) return askSecret(surroundings, 'Password');
  throw new CommandError(
    'There is no terminal to ask for the password at',
    'Give it with --password-stdin.',
    EXIT.usage,
  );
}

export function addLogout(program: Command, shell: Shell): void {
  const command = program.command('logout').description('revoke the token and forget it').action(shell.action(logOut));
  withExamples(command, [['eden logout', 'the current profile']]);
}

async function logOut(call: Call<object>): Promise<void> {
  const { options, surroundings, terminal } = call;
  const { tokenProfile } = await readSettings(options, surroundings);
  const { connection } = await call.session();
  await answerOf(connection.POST('/api/v1/auth/logout', { body: {} }));
  if (tokenProfile !== null) {
    await changeConfig(surroundings, ({ profiles, ...config }) => {
      const { token: _, ...profile } = profiles[tokenProfile] ?? { url: '' };
      return { ...config, profiles: { ...profiles, [tokenProfile]: profile } };
    });
  }
  terminal.say('Logged out');
}

export function addWhoami(program: Command, shell: Shell): void {
  const command = program.command('whoami').description('who the service takes you for').action(shell.action(whoAmI));
  withExamples(command, [['eden whoami -o json', 'for scripts']]);
}

/** The service is asked whether the token still counts; what it says of itself is not enough. */
async function whoAmI(call: Call<object>): Promise<void> {
  const format = checkFormat(call.options.output, FORMATS);
  const { connection, url, token } = await call.session();
  await answerOf(connection.GET('/api/v1/migrations', { params: { query: { limit: 1 } } }));
  const claims = readToken(await token());
  const { username = null, organization = null, level = null } = claims ?? {};
  const identity = { url, organization, username, level, expires_at: claims?.expiresAt.toISOString() ?? null };
  printItems(call.terminal, format, identity, {
    columns: [
      ['URL', (item) => item.url],
      ['ORGANIZATION', (item) => item.organization],
      ['USER', (item) => item.username],
      ['LEVEL', (item) => item.level],
      ['TOKEN UNTIL', (item) => item.expires_at],
    ],
    name: (item) => `user/${item.username ?? ''}`,
  });
}
