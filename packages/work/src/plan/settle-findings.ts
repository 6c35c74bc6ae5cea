import { settleLint, type UsersOf } from '@eden/lint';
import { NOTHING_TO_LINT, type PlannedApi, type PlannedBinding, type Uuid } from '@eden/domain';

/**
 * The bindings with what counts of what lint has found in their texts, now that all texts of the run are known: what the
 * run makes itself is no danger to anybody.
 */
export function settleFindings(
  apis: readonly PlannedApi[],
  databaseOf: (endpoint: Uuid) => string,
  usersOf?: UsersOf,
): readonly PlannedApi[] {
  const inOrder = apis
    .toSorted((a, b) => a.stage - b.stage || a.position - b.position)
    .flatMap(({ bindings }) => bindings);
  const settled = settleLint(
    inOrder.map(({ endpoint, lint = NOTHING_TO_LINT, findings }) => ({
      database: databaseOf(endpoint),
      lint,
      findings,
    })),
    usersOf,
  );
  const byBinding = new Map(inOrder.map((binding, index) => [binding, settled[index]]));
  return apis.map((api) => ({
    ...api,
    bindings: api.bindings.map((binding): PlannedBinding => {
      const { lint, ...rest } = binding;
      const { findings, silenced } = byBinding.get(binding) ?? { findings: binding.findings, silenced: [] };
      return { ...rest, findings, ...(silenced.length === 0 ? {} : { silenced }) };
    }),
  }));
}
