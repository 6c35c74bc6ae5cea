import type { TargetAdapter } from '@eden/domain';
import type { KindUnderTest } from './kind-under-test.js';

/** What a kind must be able to do for a case to mean anything. */
export type Ability = 'transactions' | 'requests' | 'prepares' | 'gates' | 'server' | 'steps' | 'batches' | 'builds';

/** Told by the values of the kind and of its adapter, never by its name. */
export function abilitiesOf(kind: KindUnderTest, { capabilities }: TargetAdapter): ReadonlySet<Ability> {
  const able: readonly (readonly [Ability, boolean])[] = [
    ['transactions', kind.class === '2pc' || kind.class === 'one-phase'],
    ['requests', !capabilities.transactions],
    ['steps', kind.language.remove !== undefined],
    ['batches', kind.language.remove !== undefined && capabilities.batches],
    ['builds', kind.language.buildIndex !== undefined],
    ['prepares', kind.class === '2pc'],
    ['gates', capabilities.gates],
    ['server', kind.isInMemory !== true],
  ];
  return new Set(able.flatMap(([ability, has]) => (has ? [ability] : [])));
}
