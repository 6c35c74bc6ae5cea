import type { RunParticipant, Uuid } from '@eden/domain';

type Gated = { readonly row: Pick<RunParticipant, 'number' | 'gates'> };

/**
 * Databases that share an API, directly or by others, together and each in its order. Of two groups nobody holds a gate of one
 * while he waits for a gate of the other, so that no circle can come of it when both are entered at once.
 */
export function entangled<T extends Gated>(databases: readonly T[]): readonly (readonly T[])[] {
  let groups: readonly (readonly T[])[] = [];
  for (const database of databases) {
    const gates = new Set<Uuid>(database.row.gates);
    const met = groups.filter((group) => group.some(({ row }) => row.gates.some((gate) => gates.has(gate))));
    groups = [...groups.filter((group) => !met.includes(group)), [...met.flat(), database]];
  }
  return groups.map((group) => group.toSorted((a, b) => a.row.number - b.row.number));
}
