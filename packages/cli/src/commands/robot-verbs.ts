import { answerOf } from '@eden/client';
import type { Command } from 'commander';
import { parseDuration } from '../durations.js';
import { withExamples } from '../examples.js';
import { report } from '../report.js';
import type { Shell } from '../shell.js';

interface RotateFlags {
  readonly expiresIn?: string;
}

const MS_PER_SECOND = 1000;

/** The verb of a robot beside those that every noun has. */
export function addRobotVerbs(program: Command, shell: Shell): void {
  const robots = program.commands.find((command) => command.name() === 'robots') as Command;
  const command = robots
    .command('rotate-key')
    .argument('<robot>')
    .description('give a robot another key; the one before is worth nothing from then on')
    .option('--expires-in <duration>', 'how long it is good: 12h; as long as the one before without');
  command.action(
    shell.action<RotateFlags>(async (call, name) => {
      const robot = name as string;
      const { expiresIn } = call.options;
      const body = expiresIn === undefined ? {} : { expires_in: Math.ceil(parseDuration(expiresIn) / MS_PER_SECOND) };
      const { connection } = await call.session();
      const params = { path: { robot } };
      const answer = await answerOf(connection.POST('/api/v1/iam/robots/{robot}/rotate-key', { params, body }));
      report(call, answer, {
        name: `robot/${robot}`,
        sentence: `robot/${robot} has another key`,
        secret: 'api_key',
      });
    }),
  );
  withExamples(command, [
    ['eden robots rotate-key ci > key', 'the key alone is on stdout'],
    ['eden robots rotate-key ci --expires-in 12h', 'and lives otherwise than the one before'],
  ]);
}
