import type { Membership, OwnedRun, Run } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import type { Scene } from '../tenants.js';
import type { ControlUnderTest } from './control-under-test.js';
import { STANDINGS, type Standing } from './standings.js';
import { FOUND_TOKEN, isOfAnybody, WRITES } from './writes.js';

interface Caller {
  readonly name: string;
  claims(owned: OwnedRun): OwnedRun;
}

const OWNED: Caller = { name: 'its owner', claims: (owned) => owned };

/** Whoever takes himself for its owner. */
const OTHERS: readonly Caller[] = [
  { name: 'another worker', claims: ({ run }) => ({ run, owner: 'another worker' }) },
  {
    name: 'its owner of an epoch before',
    claims: ({ run, owner }) => ({ run: { ...run, epoch: run.epoch - 1 }, owner }),
  },
  {
    name: 'its owner of another attempt',
    claims: ({ run, owner }) => ({ run: { ...run, token: '0'.repeat(16) }, owner }),
  },
];

/**
 * What each write does to a run in each standing; and which of the owner's writes others are fenced from. One line for
 * each, so that two control databases can be compared.
 */
export async function stepTable(control: ControlUnderTest, standings = STANDINGS): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const standing of standings) {
    const stage = new Stage(control, standing);
    const owned = await rowsOf(stage, OWNED, Object.keys(WRITES));
    lines.push(...owned.lines);
    const ofOwner = owned.allowed.filter((name) => !isOfAnybody(name));
    for (const caller of OTHERS) lines.push(...(await rowsOf(stage, caller, ofOwner)).lines);
  }
  return lines;
}

interface Rows {
  readonly lines: readonly string[];
  /** What the caller is not fenced from. */
  readonly allowed: readonly string[];
}

async function rowsOf(stage: Stage, caller: Caller, names: readonly string[]): Promise<Rows> {
  const [lines, allowed, fenced]: [string[], string[], string[]] = [[], [], []];
  for (const name of names) {
    const line = await stage.write(name, caller);
    if (line === 'FENCED') fenced.push(name);
    else lines.push(`  ${name}: ${line}`);
    if (line !== 'FENCED') allowed.push(name);
  }
  return { lines: [`${stage.name}: ${caller.name}`, ...lines, `  fenced: ${fenced.join(', ') || 'none'}`], allowed };
}

interface Reached {
  readonly scene: Scene;
  readonly owned: OwnedRun;
  readonly before: string;
}

/** A run in its standing, which is made anew whenever a write has changed something. */
class Stage {
  private reached: Reached | null = null;

  constructor(
    private readonly control: ControlUnderTest,
    private readonly standing: Standing,
  ) {}

  get name(): string {
    return this.standing.name;
  }

  async write(name: string, caller: Caller): Promise<string> {
    this.reached ??= await this.reach();
    const { scene, owned, before } = this.reached;
    const answer = await answerOf(WRITES[name]?.(scene, caller.claims(owned)));
    if (answer === 'FENCED') return answer;
    const after = await describe(scene, owned);
    if (after === before) return answer;
    this.reached = null;
    return `${answer} → ${after}`;
  }

  private async reach(): Promise<Reached> {
    const scene = await this.control.newScene();
    const owned = await this.standing.reach(scene, this.control);
    return { scene, owned, before: await describe(scene, owned) };
  }
}

async function answerOf(write: Promise<unknown> | undefined): Promise<string> {
  try {
    return String((await write) ?? 'done');
  } catch (error) {
    if (isEdenError(error)) return error.code;
    // What no caller asks for.
    if (error instanceof TypeError) return error.name;
    throw error;
  }
}

/** What the ports show of it. */
async function describe({ tenant, api, migration, control }: Scene, { run: known }: OwnedRun): Promise<string> {
  const { store } = tenant;
  const [run, of, { schemaVersion, membership }, unfinished, participants] = await Promise.all([
    store.run(known.uuid),
    store.migration(migration.uuid),
    store.api(api.uuid),
    store.transact((tx) => tx.unfinishedRuns(migration.uuid)),
    control.journal.participants(known.uuid),
  ]);
  return [
    ...ofRun(run, known),
    `migration ${of.state}, epoch ${of.epoch}, revision ${of.revision}${of.planHash === null ? '' : ', planned'}`,
    `API ${ofMembership(membership)}, version ${schemaVersion}`,
    `unfinished: ${unfinished.map(({ kind, state }) => `${kind} ${state}`).join(', ') || 'none'}`,
    `participants ${participants.length}`,
  ].join('; ');
}

function ofRun(
  { state, epoch, attempt, token, owner, error, cancelledBy, reason }: Run,
  known: Run,
): readonly string[] {
  return [
    `${state}, epoch ${epoch}, attempt ${attempt}, token ${tokenOf(token, known.token)}, of ${owner ?? 'nobody'}`,
    ...(error === null ? [] : [error.code]),
    ...(cancelledBy === null ? [] : ['cancelled']),
    ...(reason === null ? [] : [`"${reason}"`]),
  ];
}

function ofMembership(membership: Membership | null): string {
  if (membership === null) return 'free';
  const { active, synced, previous } = membership;
  return [
    active ? 'taken' : 'left',
    ...(synced ? ['synced'] : []),
    ...(previous === null ? [] : ['can be restored']),
  ].join(', ');
}

/** Tokens are drawn. */
function tokenOf(token: string, known: string): string {
  if (token === '') return 'none';
  if (token === FOUND_TOKEN) return 'found';
  return token === known ? 'same' : 'new';
}
