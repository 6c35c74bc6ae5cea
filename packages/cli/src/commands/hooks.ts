import { answerOf } from '@eden/client';
import type { Command } from 'commander';
import { parseDuration } from '../durations.js';
import { withExamples } from '../examples.js';
import { printItems, type View } from '../render/output.js';
import type { Call, Shell } from '../shell.js';

interface CreateFlags {
  readonly migration?: string[];
  readonly action?: string[];
}
interface RotateFlags {
  readonly overlap: string;
}

interface HookWithSecret {
  readonly id: string;
  readonly uuid: string;
  readonly secret: string;
}

const MS_PER_SECOND = 1000;

/** What shows a secret of a deploy hook, beside what every noun has. */
export function addHookVerbs(program: Command, shell: Shell): void {
  const hooks = program.commands.find((command) => command.name() === 'hooks') as Command;
  addCreate(hooks, shell);
  addRotate(hooks, shell);
}

function addCreate(hooks: Command, shell: Shell): void {
  const command = hooks
    .command('create')
    .argument('<hook>')
    .description('create a deploy hook; its secret is shown this once')
    .option('--migration <migration...>', 'those that it may run; default: all, also those to come')
    .option('--action <action...>', 'sync, migrate, sync_and_migrate; default: all');
  command.action(
    shell.action<CreateFlags>(async (call, id) => {
      const { migration: migrations, action: actions } = call.options;
      const body = { id, ...(migrations && { migrations }), ...(actions && { actions }) };
      const { connection } = await call.session();
      show(call, (await answerOf(connection.POST('/api/v1/iam/hooks', { body: body as never }))).data);
    }),
  );
  withExamples(command, [['eden hooks create deploy --migration shop --action sync_and_migrate', 'for one pipeline']]);
}

function addRotate(hooks: Command, shell: Shell): void {
  const command = hooks
    .command('rotate')
    .argument('<hook>')
    .description('give a deploy hook another secret; the one so far counts for a while longer')
    .option('--overlap <duration>', 'for so long: 0s, 10m, 24h', '24h');
  command.action(
    shell.action<RotateFlags>(async (call, hook) => {
      const body = { overlap_seconds: Math.round(parseDuration(call.options.overlap) / MS_PER_SECOND) };
      const params = { path: { hook: hook as string } };
      const { connection } = await call.session();
      show(call, (await answerOf(connection.POST('/api/v1/iam/hooks/{hook}/rotate', { params, body }))).data);
    }),
  );
  withExamples(command, [
    ['eden hooks rotate deploy', 'then change the pipelines within a day'],
    ['eden hooks rotate deploy --overlap 0s', 'the secret so far is known to others'],
  ]);
}

const SECRET_VIEW: View<HookWithSecret> = {
  name: ({ id }) => `hook/${id}`,
  columns: [
    ['HOOK', ({ id }) => id],
    ['UUID', ({ uuid }) => uuid],
    ['SECRET', ({ secret }) => secret],
  ],
};

function show(call: Call<object>, hook: HookWithSecret): void {
  printItems(call, hook, SECRET_VIEW);
  call.terminal.say('Keep the secret: it is not shown again.');
}
