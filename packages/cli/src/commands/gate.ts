import type { Command } from 'commander';
import { parseDuration } from '../durations.js';
import { withExamples } from '../examples.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { print } from '../render/output.js';
import type { Call, Shell } from '../shell.js';
import { choose } from '../similar.js';
import { GOALS, waitAtGate, type Asked, type GateWish } from '../watch/wait-at-gate.js';

interface GateFlags {
  readonly for: string;
  readonly timeout?: string;
  readonly missing?: string;
}

export function addGate(program: Command, shell: Shell): void {
  const command = program
    .command('gate')
    .argument('<migration>')
    .description('wait at the gate of a migration, as an init container does; a key with the scope gate is enough')
    .option('--for <goal>', GOALS.join(', '), 'completed')
    .option('--missing <what>', 'wait: also for a migration that is not there yet')
    .option('--timeout <duration>', 'exit code 124 after 30s, 10m, 1h; default: no limit')
    .action(shell.action<GateFlags>(passGate));
  withExamples(command, [
    ['eden gate shop --missing wait --timeout 10m', 'before an application starts'],
    ['eden gate shop --for synced', 'until it can be migrated'],
  ]);
}

async function passGate(call: Call<GateFlags>, migration = ''): Promise<ExitCode> {
  const { options, surroundings } = call;
  const wish = wishOf(options);
  const { connection } = await call.session();
  const timeoutMs = options.timeout === undefined ? undefined : parseDuration(options.timeout);
  const { interrupt } = surroundings;
  return report(call, migration, await waitAtGate({ connection, interrupt, timeoutMs }, migration, wish));
}

/** @throws CommandError (usage) */
function wishOf({ for: goal, missing }: GateFlags): GateWish {
  const wish = { for: choose(goal, GOALS, `--for ${goal} is not known`) };
  if (missing === undefined) return wish;
  return { ...wish, missing: choose(missing, ['wait'] as const, `--missing ${missing} is not known`) };
}

function report(call: Call<GateFlags>, migration: string, { isOpen, gate }: Asked): ExitCode {
  const is = isOpen ? call.options.for : 'in doubt: somebody has to look at it';
  print(call, gate, { name: `migration/${migration}`, table: () => call.terminal.say(`${migration} is ${is}`) });
  return isOpen ? EXIT.done : EXIT.inDoubt;
}
