import type { Command } from 'commander';
import { apply } from '../apply/apply.js';
import { desiredOf } from '../apply/desired.js';
import { canAsk, confirm } from '../ask.js';
import { parseDuration } from '../durations.js';
import { withExamples } from '../examples.js';
import { CommandError, EXIT, type ExitCode } from '../exit-codes.js';
import { loadFile } from '../file/load-file.js';
import { reportRun, reportStarted } from '../report-run.js';
import type { Call, Shell } from '../shell.js';
import { followRun } from '../watch/follow-run.js';
import { waitAtGate } from '../watch/wait-at-gate.js';
import type { FileFlags } from '../which-release.js';
import { showDiff } from './diff.js';

export interface ApplyFlags extends FileFlags {
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly yes?: boolean;
  readonly rehearse?: boolean;
  readonly timeout?: string;
  readonly id?: string;
  readonly target?: string;
  readonly to?: string;
}

export function addApply(program: Command, shell: Shell): void {
  const command = program
    .command('apply')
    .description('bring the service to what eden.yaml says, and migrate what has not run')
    .option('-f, --file <file>', 'default: eden.yaml')
    .option('--env <name>', 'read eden.<name>.yaml over it')
    .option('--id <name>', 'the name of the release, in place of the next of the line')
    .option('--target <source>', 'this source alone')
    .option('--to <version>', 'up to this version of each source')
    .option('--dry-run', 'only show what would change')
    .option(
      '--rehearse',
      'run everything first and take it back, gates closed; the plan then tells locks, rows and times',
    )
    .option('--wait', 'stay until it has ended')
    .option('--timeout <duration>', 'wait no longer than this: 30s, 10m, 1h')
    .option('--yes', 'do not ask')
    .action(shell.action<ApplyFlags>(runApply));
  withExamples(command, [
    ['eden apply --wait', 'shows the plan, asks, migrates and stays until the end'],
    ['eden apply -f eden.yaml --env prod --wait --yes', 'in CI; called again it does nothing'],
    ['eden apply --dry-run', 'what would change'],
    ['eden apply --yes', 'exit code 30 where the plan has to be approved by somebody else; --wait waits for that'],
  ]);
}

async function runApply(call: Call<ApplyFlags>): Promise<ExitCode> {
  const { options, surroundings, terminal } = call;
  if (options.dryRun === true) return showDiff(call);
  if (options.yes !== true && !canAsk(surroundings)) {
    throw new CommandError('There is no terminal to ask at', 'Say --yes, or look first with --dry-run.', EXIT.usage);
  }
  const loaded = await loadFile({ file: options.file, environment: options.env, cwd: surroundings.cwd });
  const desired = await desiredOf(loaded, surroundings.env, options);
  const { connection } = await call.session();
  const timeoutMs = options.timeout === undefined ? undefined : parseDuration(options.timeout);
  return apply({
    connection,
    terminal,
    desired,
    wait: options.wait === true,
    rehearse: options.rehearse === true,
    approve: (question) => (options.yes === true ? Promise.resolve(true) : confirm(surroundings, question)),
    awaitApproval: (release) =>
      waitAtGate({ connection, interrupt: surroundings.interrupt, timeoutMs }, release, { for: 'approved' }),
    follow: (run) => followRun(run, { connection, terminal, interrupt: surroundings.interrupt, timeoutMs }),
    report: (run) => reportRun(call, run),
    reportStarted: (run) => reportStarted(call, run),
  });
}
