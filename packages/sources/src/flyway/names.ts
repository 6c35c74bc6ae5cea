/** What the name of a Flyway script says. */
export interface ScriptName {
  readonly kind: 'V' | 'U' | 'B' | 'R';
  /** As the history holds it, `_` as `.`; null for repeatable ones. */
  readonly version: string | null;
  readonly description: string;
}

const NAME = /^(?:([VUB])(\d+(?:[._]\d+)*)|(R))(?:__(.*))?\.sql$/;
const MAX_DESCRIPTION = 200;

/** Null where Flyway passes over the file. */
export function readName(name: string): ScriptName | null {
  const [, prefix, version, repeatable, description] = NAME.exec(name) ?? [];
  if (prefix === undefined && (repeatable === undefined || description === undefined)) return null;
  return {
    kind: (prefix ?? 'R') as ScriptName['kind'],
    version: version?.replaceAll('_', '.') ?? null,
    description: shorten((description ?? '').replaceAll('_', ' ')),
  };
}

function shorten(description: string): string {
  return description.length <= MAX_DESCRIPTION ? description : `${description.slice(0, MAX_DESCRIPTION - 3)}...`;
}

/** Versions are lists of numbers; zeros at the end do not count. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0n) - (right[at] ?? 0n);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return 0;
}

/** What a history holds is not always a version: what is no number counts as zero. */
function numbersOf(version: string): bigint[] {
  return version.split('.').map((part) => BigInt(/^\d+$/.test(part) ? part : 0));
}

/** One text for all ways to write a version. */
export function canonical(version: string): string {
  return numbersOf(version)
    .join('.')
    .replace(/(\.0)+$/, '');
}
