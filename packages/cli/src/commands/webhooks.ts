import { answerOf, type WebhookDelivery } from '@eden/client';
import type { Command } from 'commander';
import { readInput } from '../ask.js';
import { withExamples } from '../examples.js';
import { printItems, type View } from '../render/output.js';
import type { Call, Shell } from '../shell.js';

interface CreateFlags {
  readonly to: string;
  readonly event: string[];
  readonly format: string;
  readonly secretStdin?: boolean;
}

/** What is special about webhooks, beside what every noun has. */
export function addWebhookVerbs(program: Command, shell: Shell): void {
  const webhooks = program.commands.find((command) => command.name() === 'webhooks') as Command;
  addCreate(webhooks, shell);
  addTest(webhooks, shell);
  addDeliveries(webhooks, shell);
  addRedeliver(webhooks, shell);
}

function addCreate(webhooks: Command, shell: Shell): void {
  const command = webhooks
    .command('create')
    .description('tell somebody outside of runs; the secret that signs is shown this once')
    .requiredOption('--to <url>', 'its host must be allowed by the service')
    .requiredOption('--event <event...>', 'run.failed, run.in_doubt, run.succeeded, …')
    .option('--format <format>', 'json or slack', 'json')
    .option('--secret-stdin', 'read the secret from stdin instead of having one made');
  command.action(
    shell.action<CreateFlags>(async (call) => {
      const { to: url, event: events, format, secretStdin } = call.options;
      const secret = secretStdin === true ? { secret: await readInput(call.surroundings) } : {};
      const { connection } = await call.session();
      const body = { url, events, format, ...secret } as never;
      const { data } = await answerOf(connection.POST('/api/v1/iam/webhooks', { body }));
      printItems(call, data, SECRET_VIEW);
      call.terminal.say('Keep the secret: it is not shown again.');
    }),
  );
  withExamples(command, [
    [
      'eden webhooks create --to https://hooks.slack.com/services/… --format slack --event run.failed run.in_doubt',
      'an alert',
    ],
  ]);
}

function addTest(webhooks: Command, shell: Shell): void {
  const command = webhooks
    .command('test')
    .argument('<webhook>', 'its uuid')
    .description('send something that says it is a test');
  command.action(
    shell.action(async (call, webhook) => {
      const { connection } = await call.session();
      const params = { path: { webhook: webhook as string } };
      const { data } = await answerOf(connection.POST('/api/v1/iam/webhooks/{webhook}/test', { params }));
      show(call, data);
    }),
  );
  withExamples(command, [['eden webhooks test 4d0f…', '"eden webhooks deliveries" tells how it went']]);
}

function addDeliveries(webhooks: Command, shell: Shell): void {
  const command = webhooks
    .command('deliveries')
    .argument('<webhook>', 'its uuid')
    .description('the last 50 events: what was told, what waits, what was given up');
  command.action(
    shell.action(async (call, webhook) => {
      const { connection } = await call.session();
      const params = { path: { webhook: webhook as string } };
      const { data } = await answerOf(connection.GET('/api/v1/iam/webhooks/{webhook}/deliveries', { params }));
      show(call, data);
    }),
  );
  withExamples(command, [['eden webhooks deliveries 4d0f…', 'and why those that wait are not told yet']]);
}

function addRedeliver(webhooks: Command, shell: Shell): void {
  const command = webhooks
    .command('redeliver')
    .argument('<webhook>', 'its uuid')
    .argument('<delivery>', 'its uuid')
    .description('send an event once more, with the same id');
  command.action(
    shell.action(async (call, webhook, delivery) => {
      const { connection } = await call.session();
      const params = { path: { webhook: webhook as string, delivery: delivery as string } };
      const route = '/api/v1/iam/webhooks/{webhook}/deliveries/{delivery}/redeliver';
      show(call, (await answerOf(connection.POST(route, { params }))).data);
    }),
  );
  withExamples(command, [['eden webhooks redeliver 4d0f… 91aa…', 'when whoever should hear it is back']]);
}

const SECRET_VIEW: View<{ readonly uuid: string; readonly secret: string }> = {
  name: ({ uuid }) => `webhook/${uuid}`,
  columns: [
    ['WEBHOOK', ({ uuid }) => uuid],
    ['SECRET', ({ secret }) => secret],
  ],
};

const DELIVERY_VIEW: View<WebhookDelivery> = {
  name: ({ uuid }) => `delivery/${uuid}`,
  columns: [
    ['DELIVERY', ({ uuid }) => uuid],
    ['EVENT', ({ type }) => type],
    ['AT', ({ at }) => at],
    ['STATE', ({ state }) => state],
    ['TRIES', ({ attempts }) => attempts],
    ['NEXT', ({ next_attempt_at: at }) => at],
    ['WHY', ({ last_error: error }) => error],
  ],
};

function show(call: Call<object>, deliveries: WebhookDelivery | WebhookDelivery[]): void {
  printItems(call, deliveries, DELIVERY_VIEW);
}
