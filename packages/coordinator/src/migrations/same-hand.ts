import type { KeptSubject } from '@eden/domain';

export type Keeping = ReadonlyMap<string, KeptSubject>;

/**
 * Why an approval by one subject of what another one has done is worth no more than that one's own, as the beginning of a
 * sentence about it; null where they are two. Whoever makes somebody, or has had their key or password, can act as they, and so on
 * from keeper to keeper. What a robot does is done by the people who hold its key: two robots of one holder are one, and so is
 * whoever that holder keeps. Only that all people of an organization go back to its SuperAdmins makes nobody one with their robots.
 */
export function sameHand(subject: string, actor: string, keeping: Keeping): string | null {
  if (subject === actor) return '';
  const keepers = keepersOf(subject, keeping);
  const others = keepersOf(actor, keeping);
  if (keepers.has(actor)) return `is kept by ${actor}, who `;
  if (others.has(subject)) return `keeps ${actor}, who `;
  const [own, theirs] = [holdersOf(subject, keeping), holdersOf(actor, keeping)];
  const shared =
    [...theirs].find(([holder, isSuperAdmin]) => own.has(holder) || (keepers.has(holder) && !isSuperAdmin)) ??
    [...own].find(([holder, isSuperAdmin]) => others.has(holder) && !isSuperAdmin);
  if (shared === undefined) return null;
  return `is kept by ${shared[0]}, as is ${actor}, ${keeping.get(actor)?.isRobot === true ? 'which' : 'who'} `;
}

function keepersOf(subject: string, keeping: Keeping, found = new Set<string>()): ReadonlySet<string> {
  for (const { name } of keeping.get(subject)?.keepers ?? []) {
    if (!found.has(name)) keepersOf(name, keeping, found.add(name));
  }
  return found;
}

/**
 * Those behind a robot, and whether they are SuperAdmins: its keepers, and those of robots among them. Nobody is behind people. Robots
 * count as well, because the people behind them may be known no more.
 */
function holdersOf(
  subject: string,
  keeping: Keeping,
  found = new Map<string, boolean>(),
): ReadonlyMap<string, boolean> {
  const kept = keeping.get(subject);
  if (kept?.isRobot !== true) return found;
  for (const { name, isSuperAdmin } of kept.keepers) {
    if (!found.has(name)) holdersOf(name, keeping, found.set(name, isSuperAdmin));
  }
  return found;
}
