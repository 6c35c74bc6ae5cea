import type { ParticipantSession } from '@eden/domain';
import type { Ability } from './abilities.js';
import type { Case } from './case.js';
import type { World } from './world.js';

/** How a participant comes to its commit: both must keep the same promises. */
export interface Way {
  readonly name: string;
  readonly needs: readonly Ability[];
  vote(session: ParticipantSession): Promise<void>;
  commit(session: ParticipantSession): Promise<unknown>;
}

const WAYS: readonly Way[] = [
  {
    name: 'two-phase',
    needs: ['prepares'],
    vote: (session) => session.prepare(),
    commit: (session) => session.commitPrepared(),
  },
  {
    name: 'last resource',
    needs: ['transactions'],
    vote: (session) => session.recordOutcome(),
    commit: (session) => session.commit(),
  },
];

/** The case, once for each way. `more` is what it needs besides. */
export function eachWay(
  name: string,
  run: (world: World, way: Way) => Promise<void>,
  more: readonly Ability[] = [],
): readonly Case[] {
  return WAYS.map((way) => ({
    name: `${name} (${way.name})`,
    needs: [...way.needs, ...more],
    run: (world) => run(world, way),
  }));
}
