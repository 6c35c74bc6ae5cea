import { Command, CommanderError, Option } from 'commander';
import { addApply } from './commands/apply.js';
import { addApprove } from './commands/approve.js';
import { addBaseline } from './commands/baseline.js';
import { addCompletion } from './commands/completion.js';
import { addConfig } from './commands/config.js';
import { addDev } from './commands/dev.js';
import { addDiff } from './commands/diff.js';
import { addAudit } from './commands/audit.js';
import { addDrift } from './commands/drift.js';
import { addGate } from './commands/gate.js';
import { addGrants } from './commands/grants.js';
import { addHistory } from './commands/history.js';
import { addHookVerbs } from './commands/hooks.js';
import { addInit } from './commands/init.js';
import { addLogin, addLogout, addWhoami } from './commands/login.js';
import { addMigrationVerbs } from './commands/migration-verbs.js';
import { addNew } from './commands/new.js';
import { addNouns } from './commands/nouns.js';
import { addPlan } from './commands/plan.js';
import { addRobotVerbs } from './commands/robot-verbs.js';
import { addRunLogs } from './commands/run-logs.js';
import { addSources } from './commands/sources.js';
import { addStatus } from './commands/status.js';
import { addVerify } from './commands/verify.js';
import { addWait } from './commands/wait.js';
import { addWebhookVerbs } from './commands/webhooks.js';
import { CommandError, EXIT, exitCodeOf, type ExitCode } from './exit-codes.js';
import { describeError } from './render/error.js';
import { Shell } from './shell.js';
import type { Surroundings } from './surroundings.js';
import { Terminal } from './terminal.js';

/** Runs one command line. Never throws: what goes wrong is said on stderr, with what to do next. */
export async function runProgram(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const shell = new Shell(surroundings);
  try {
    await buildProgram(shell).parseAsync(withColorSaid(argv), { from: 'user' });
    return shell.exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
    const error = surroundings.interrupt.aborted ? interruptedBy(thrown) : thrown;
    const terminal = new Terminal(surroundings);
    const [first = '', ...rest] = describeError(error);
    terminal.complain([`${terminal.style('red', 'Error:', 'stderr')} ${first}`, ...rest].join('\n'));
    if (surroundings.env['EDEN_DEBUG'] === '1' && error instanceof Error) terminal.complain(error.stack ?? '');
    return exitCodeOf(error);
  }
}

/** Bare `--color` means always; Commander would take the next word for its value. */
function withColorSaid(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((word, at) => (word === '--color' && (end < 0 || at < end) ? '--color=always' : word));
}

/** Ctrl-C ends the request that is under way; the command may have said more of it already. */
function interruptedBy(thrown: unknown): CommandError {
  if (thrown instanceof CommandError) return thrown;
  return new CommandError('Stopped', 'What was asked for last may be done: "eden status" shows it.', EXIT.interrupted);
}

/** The nouns first: verbs are put below them. */
const VERBS = [
  addNouns,
  addRobotVerbs,
  addAudit,
  addGrants,
  addSources,
  addMigrationVerbs,
  addRunLogs,
  addHookVerbs,
  addWebhookVerbs,
] as const;

/** The whole tree of commands. */
export function buildProgram(shell: Shell): Command {
  const { stdout, stderr } = shell.surroundings;
  const program = new Command('eden')
    .description('One migration over many databases that commits everywhere or nowhere.')
    .exitOverride()
    .showHelpAfterError('Run it with --help to see how it is used.')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: (text) => void stderr.write(text) });
  addGlobalOptions(program);
  program.addHelpText('after', EXIT_CODES);
  const additions = [
    addLogin,
    addLogout,
    addWhoami,
    addConfig,
    addDev,
    addInit,
    addNew,
    addBaseline,
    addApply,
    addApprove,
    addDiff,
    addDrift,
    addPlan,
    addStatus,
    addHistory,
    addVerify,
  ];
  for (const add of [...additions, addWait, addGate, ...VERBS, addCompletion]) add(program, shell);
  return program;
}

function addGlobalOptions(program: Command): void {
  program
    .option('--url <url>', 'the service (EDEN_URL)')
    .option('--token <token>', 'who asks (better: EDEN_TOKEN, or "eden login")')
    .option('--profile <name>', 'the profile of config.toml to use (EDEN_PROFILE)')
    .option('-o, --output <format>', 'table, json, yaml or name')
    .option('-q, --quiet', 'only data and errors')
    .addOption(colorOption())
    .addOption(new Option('--no-color').hideHelp());
}

/** Its value stands behind `=` alone, and so it is shown. */
function colorOption(): Option {
  const option = new Option('--color <when>', 'always; or =auto, =never (NO_COLOR)');
  option.flags = '--color[=when]';
  return option;
}

const EXIT_CODES = `
Exit codes:
  0    done
  1    failed to try: network, input
  2    used wrongly
  3    not logged in, or not allowed
  5    --exit-code: there are changes
  10   refused, failed or rolled back: nothing has changed
  20   in doubt, or changed in part
  30   waits for approval
  124  the waiting took too long
  130  Ctrl-C ended the watching; what was watched goes on

Settings: a flag goes before EDEN_URL, EDEN_TOKEN and EDEN_PROFILE, and those before config.toml.`;
