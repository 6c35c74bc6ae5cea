import type { MigrationWork, WorkApi } from '@eden/work';
import { bindingEndpoints } from '@eden/work';

export interface Stage {
  readonly stage: number;
  readonly apis: readonly WorkApi[];
}

/** The stages in ascending order, each with its APIs in the order they were added. */
export function stagesOf(work: MigrationWork): readonly Stage[] {
  const numbers = [...new Set(work.apis.map(stageOf))].sort((a, b) => a - b);
  return numbers.map((stage) => ({ stage, apis: work.apis.filter((api) => stageOf(api) === stage).sort(byPosition) }));
}

/**
 * APIs of one stage in groups that have no database in common: the groups run in parallel, the APIs of one group one
 * after the other. `databaseOf` maps an endpoint's uuid to the key of the database behind it.
 */
export function groupByDatabase(
  apis: readonly WorkApi[],
  databaseOf: ReadonlyMap<string, string>,
): readonly (readonly WorkApi[])[] {
  const groupOf = new Map<string, Set<WorkApi>>();
  const alone: Set<WorkApi>[] = [];
  for (const api of apis) {
    const databases = bindingEndpoints(api).map(({ uuid }) => databaseOf.get(uuid) ?? uuid);
    const met = databases.flatMap((database) => groupOf.get(database) ?? []);
    const group = new Set([...met.flatMap((other) => [...other]), api]);
    if (databases.length === 0) alone.push(group);
    for (const member of [...groupOf].filter(([, other]) => met.includes(other))) groupOf.set(member[0], group);
    for (const database of databases) groupOf.set(database, group);
  }
  return [...new Set([...groupOf.values(), ...alone])].map((group) => [...group].sort(byPosition));
}

function stageOf({ member }: WorkApi): number {
  return member.membership.stage;
}

function byPosition(a: WorkApi, b: WorkApi): number {
  return a.member.membership.position - b.member.membership.position;
}
