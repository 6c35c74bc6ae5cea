import type { TargetAdapter } from '@eden/domain';
import type { KindUnderTest } from './kind-under-test.js';
import type { World } from './world.js';

/** What a kind must be able to do for a case to mean anything. */
export type Need = 'transactions' | 'prepares' | 'gates';

export interface Case {
  readonly name: string;
  readonly needs: readonly Need[];
  run(world: World): Promise<void>;
}

export interface Chapter {
  readonly name: string;
  readonly cases: readonly Case[];
}

/** Told by the values of the kind and of its adapter, never by its name. */
export function abilitiesOf(kind: KindUnderTest, { capabilities }: TargetAdapter): ReadonlySet<Need> {
  const able: readonly (readonly [Need, boolean])[] = [
    ['transactions', kind.class === '2pc' || kind.class === 'one-phase'],
    ['prepares', kind.class === '2pc'],
    ['gates', capabilities.gates],
  ];
  return new Set(able.flatMap(([need, isMet]) => (isMet ? [need] : [])));
}
