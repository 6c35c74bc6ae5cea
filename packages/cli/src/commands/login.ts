import { answerOf, connect } from '@eden/client';
import type { Command } from 'commander';
import { ask, askSecret, canAsk, readInput } from '../ask.js';
import { changeConfig, readConfig, saveProfile, type Profile } from '../config/config-file.js';
import { checkUrl, readSettings } from '../config/settings.js';
import { readToken } from '../config/token.js';
import { tokenByDevice, type Approval } from '../device/device-flow.js';
import { withExamples } from '../examples.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { printItems } from '../render/output.js';
import { report } from '../report.js';
import type { Call, Shell } from '../shell.js';

interface LoginOptions {
  readonly org?: string;
  readonly username?: string;
  readonly passwordStdin?: boolean;
  readonly device?: boolean;
  readonly issuer?: string;
  readonly clientId: string;
  readonly scope: string;
  readonly audience?: string;
}

const DEFAULT_PROFILE = 'default';

export function addLogin(program: Command, shell: Shell): void {
  const command = program
    .command('login')
    .description('log in to a service and keep the token in config.toml')
    .option('--org <id>', 'the organization')
    .option('--username <name>', 'the user')
    .option('--password-stdin', 'read the password from stdin')
    .option('--device', 'log in at the identity provider, with a browser on any device')
    .option('--issuer <url>', 'the identity provider; the one that the service names without')
    .option('--client-id <id>', 'of this command there: a public client', 'eden-cli')
    .option('--audience <audience>', 'for whom the token is, where the provider wants to be told')
    .option('--scope <scopes>', 'what it asks for there', 'openid')
    .action(shell.action<LoginOptions>((call) => (call.options.device === true ? logInByDevice(call) : logIn(call))));
  withExamples(command, [
    ['eden login --url https://eden.example.com', 'asks for the rest'],
    ['eden login --url $URL --org shop --username ci --password-stdin < password', 'without a terminal'],
    ['eden login --url $URL --device', 'shows an address and a code, and waits until you have approved there'],
    ['eden login --profile staging --url $URL', 'keeps it beside others, under a name'],
  ]);
}

/** The profile that is asked for, else the current one, else the first. */
async function profileOf({ options, surroundings }: Call<LoginOptions>) {
  const { profiles, current } = await readConfig(surroundings);
  const name = options.profile ?? surroundings.env['EDEN_PROFILE'] ?? current ?? DEFAULT_PROFILE;
  return { name, known: profiles[name] };
}

async function logInByDevice(call: Call<LoginOptions>): Promise<void> {
  const { options, surroundings, terminal } = call;
  const { name, known } = await profileOf(call);
  const url = checkUrl(await urlOf(call, known));
  const { interrupt: signal } = surroundings;
  const issuer = options.issuer ?? (await issuerOf(url, signal));
  const show = ({ url: page, code }: Approval) => terminal.say(`Open ${page} and approve the code ${code}`);
  const token = await tokenByDevice({ ...options, issuer }, show, signal);
  const { data } = await answerOf(connect({ url, token: () => token, signal }).GET('/api/v1/auth/me'));
  const { organization, name: username } = data;
  await keep(call, name, { url, organization, username, token });
}

/** @throws CommandError when the service names none */
async function issuerOf(url: string, signal: AbortSignal): Promise<string> {
  const { data } = await answerOf(connect({ url, signal }).GET('/api/v1/auth/providers'));
  const provider = data.find(({ id }) => id === 'oidc');
  if (provider?.issuer != null) return provider.issuer;
  throw new CommandError('The service names no identity provider', 'Name it with --issuer.', EXIT.usage);
}

async function logIn(call: Call<LoginOptions>): Promise<void> {
  const { name, known } = await profileOf(call);
  const { url, organization, username } = await addressee(call, known);
  const password = await passwordOf(call);
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  const { token } = await answerOf(
    connect({ url, signal: call.surroundings.interrupt }).POST('/api/v1/auth/login', {
      body: { id: organization },
      headers: { Authorization: `Basic ${credentials}` },
    }),
  );
  await keep(call, name, { url, organization, username, token });
}

async function keep(call: Call<LoginOptions>, name: string, profile: Required<Profile>): Promise<void> {
  await saveProfile(call.surroundings, name, profile, { use: true });
  const { token: _, ...identity } = profile;
  const { url, organization, username } = identity;
  const sentence = `Logged in to ${url} as ${username} of ${organization} (profile ${name})`;
  report(call, { profile: name, ...identity }, { name: `profile/${name}`, sentence });
}

/** Where to and as whom: what is not given is asked for, with what the profile has as the answer to take over. */
async function addressee(call: Call<LoginOptions>, known: Profile | undefined) {
  const { options, surroundings } = call;
  const url = await urlOf(call, known);
  const organization = options.org ?? (await ask(surroundings, 'Organization', known?.organization));
  const username = options.username ?? (await ask(surroundings, 'Username', known?.username));
  return { url: checkUrl(url), organization, username };
}

/** A profile that a flag names stays where it leads; another address for it is said by a flag as well. */
async function urlOf({ options, surroundings }: Call<LoginOptions>, known: Profile | undefined): Promise<string> {
  const named = options.profile === undefined ? undefined : known?.url;
  return options.url ?? named ?? surroundings.env['EDEN_URL'] ?? ask(surroundings, 'URL', known?.url);
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
  const { options, surroundings } = call;
  const { url, tokenProfile } = await readSettings(options, surroundings);
  const { connection } = await call.session();
  await answerOf(connection.POST('/api/v1/auth/logout', { body: {} }));
  if (tokenProfile !== null) {
    await changeConfig(surroundings, ({ profiles, ...config }) => {
      const { token: _, ...profile } = profiles[tokenProfile] ?? { url: '' };
      return { ...config, profiles: { ...profiles, [tokenProfile]: profile } };
    });
  }
  const name = tokenProfile === null ? `service/${url}` : `profile/${tokenProfile}`;
  report(call, { url, profile: tokenProfile }, { name, sentence: 'Logged out' });
}

export function addWhoami(program: Command, shell: Shell): void {
  const command = program.command('whoami').description('who the service takes you for').action(shell.action(whoAmI));
  withExamples(command, [['eden whoami -o json', 'for scripts']]);
}

/** As the service says: what a token says of itself may be out of date, and a key says nothing. */
async function whoAmI(call: Call<object>): Promise<void> {
  const { connection, url, token } = await call.session();
  const { data } = await answerOf(connection.GET('/api/v1/auth/me'));
  const { organization, name: username, kind, level, scopes } = data;
  const expires_at = readToken(await token())?.expiresAt.toISOString() ?? null;
  const identity = { url, organization, username, kind, level, scopes, expires_at };
  printItems(call, identity, {
    columns: [
      ['URL', (item) => item.url],
      ['ORGANIZATION', (item) => item.organization],
      ['NAME', (item) => `${item.kind}/${item.username}`],
      ['LEVEL', (item) => item.level],
      ['SCOPES', (item) => item.scopes?.join(',') ?? null],
      ['TOKEN UNTIL', (item) => item.expires_at],
    ],
    name: (item) => `${item.kind}/${item.username}`,
  });
}
