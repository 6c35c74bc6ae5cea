import { answerOf, type Connection, type Plan } from '@eden/client';
import { readPlan } from '@eden/reconcile';
import type { Command } from 'commander';
import { isAsked, isMeant } from '../ask.js';
import { withExamples } from '../examples.js';
import { CommandError, EXIT, type ExitCode } from '../exit-codes.js';
import { renderPlan } from '../render/plan.js';
import { report } from '../report.js';
import type { Call, Shell } from '../shell.js';
import { releaseOf, type FileFlags } from '../which-release.js';
import { deadlineOf, withWaiting, type WaitFlags } from './waiting.js';

interface ApproveFlags extends FileFlags, WaitFlags {
  readonly plan?: string;
  readonly yes?: boolean;
}

export function addApprove(program: Command, shell: Shell): void {
  const command = program
    .command('approve')
    .argument('[migration]', 'default: the newest release of eden.yaml')
    .description('let the plan of a migration run, as somebody who has made nothing of it')
    .option('-f, --file <file>', 'the file that names the line of releases')
    .option('--env <name>', 'with eden.<name>.yaml over it');
  withApproval(command, shell);
  withExamples(command, [
    ['eden approve shop-2', 'shows the plan, asks, approves'],
    ['eden approve shop-2 --plan 3f2a9c --yes', 'that plan and no other, by a robot with the scope approve'],
  ]);
}

export function addApproveVerb(migrations: Command, shell: Shell): void {
  const command = migrations
    .command('approve')
    .argument('<migration>')
    .description('let its plan run, as somebody who has made nothing of it');
  withApproval(command, shell);
  withExamples(command, [['eden migrations approve shop-2', 'as "eden approve" does']]);
}

function withApproval(command: Command, shell: Shell): void {
  command.option('--plan <hash>', 'only the plan with this hash, or its beginning').option('--yes', 'do not ask');
  withWaiting(command, 'stay until it is approved, which it is with the answer').action(
    shell.action<ApproveFlags>(approve),
  );
}

async function approve(call: Call<ApproveFlags>, named?: string): Promise<ExitCode> {
  const { options, terminal, surroundings } = call;
  checkHash(options.plan);
  const { connection } = await call.session();
  const deadline = deadlineOf(call);
  const release = await deadline.bound('The approval', (signal) => releaseOf(call, connection, named, { signal }));
  const what = `The approval of ${release}`;
  const plan = await deadline.bound(what, (signal) => planToApprove({ connection, signal }, release, options.plan));
  terminal.say(`${renderPlan(terminal, release, plan)}\n\nPlan ${plan.hash}`);
  if (!(await isMeant(surroundings, options.yes, `Approve this plan of ${release}?`))) {
    throw new CommandError('Not approved', 'Run it again when you want to.', EXIT.refused);
  }
  const params = { path: { migration: release } };
  const body = { plan_hash: plan.hash };
  // What a person thinks about for a while is no waiting: the time begins anew.
  const rest = isAsked(surroundings, options.yes) ? deadlineOf(call) : deadline;
  const { data } = await rest.bound(what, (signal) =>
    answerOf(connection.POST('/api/v1/migrations/{migration}/approve', { params, body, signal })),
  );
  report(call, data, {
    name: `migration/${release}`,
    sentence: `Approved by ${data.approved_by}, ${data.approved_at}.`,
  });
  return EXIT.done;
}

/** An empty one is what a variable of a script holds that nobody has set, and every hash begins with it. @throws CommandError (usage) */
function checkHash(hash: string | undefined): void {
  if (hash === undefined || /^[0-9a-f]+$/.test(hash)) return;
  const next = 'Take it, or its beginning, from "eden plan <migration> -o json".';
  throw new CommandError(`"${hash}" is no hash of a plan`, next, EXIT.usage);
}

interface Asking {
  readonly connection: Connection;
  readonly signal: AbortSignal | null;
}

/** @throws CommandError when there is none, or another one */
async function planToApprove({ connection, signal }: Asking, release: string, hash: string | undefined): Promise<Plan> {
  const plan = await readPlan(connection, release, { signal });
  if (plan === null) {
    throw new CommandError(`${release} has no plan yet`, `Run "eden migrations sync ${release} --wait" to make one.`);
  }
  if (hash === undefined || plan.hash.startsWith(hash)) return plan;
  const next = `See what it does: "eden plan ${release}".`;
  throw new CommandError(`The plan of ${release} is ${plan.hash} by now`, next, EXIT.refused);
}
