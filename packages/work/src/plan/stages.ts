import type { MigrationWork, WorkApi } from '../load-work.js';
import { bindingEndpoints } from '../load-work.js';

export interface Stage {
  readonly stage: number;
  readonly apis: readonly WorkApi[];
}

/** The stages in ascending order, each with its APIs in the order they were added. */
export function stagesOf(work: Pick<MigrationWork, 'apis'>): readonly Stage[] {
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
  return groupByKeys(apis, (api) => bindingEndpoints(api).map(({ uuid }) => databaseOf.get(uuid) ?? uuid));
}

/** Items in groups that have no key in common, each in the order of the items. One without keys meets nobody. */
export function groupByKeys<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): readonly (readonly T[])[] {
  const joined = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = joined.get(root); next !== undefined; next = joined.get(root)) root = next;
    return root;
  };
  for (const [first, ...others] of items.map(keysOf)) {
    if (first === undefined) continue;
    const root = rootOf(first);
    for (const other of others) if (rootOf(other) !== root) joined.set(rootOf(other), root);
  }
  const groups = new Map<unknown, T[]>();
  for (const item of items) {
    const [key] = keysOf(item);
    const root = key === undefined ? item : rootOf(key);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function stageOf({ member }: WorkApi): number {
  return member.membership.stage;
}

function byPosition(a: WorkApi, b: WorkApi): number {
  return a.member.membership.position - b.member.membership.position;
}
