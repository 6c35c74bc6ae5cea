import { appendFileSync, readFileSync } from 'node:fs';
import type { LockMode } from '@eden/domain';

/** What somebody did under the lock, as it was written down by whoever did it. */
export interface Section {
  readonly mode: LockMode;
  readonly resources: readonly string[];
  /** Nanoseconds of the machine's monotonic clock, which all processes share. */
  readonly from: bigint;
  readonly to: bigint;
  /** Whether the lock was still held afterwards. Whoever lost it knows that the section does not count. */
  readonly isIntact: boolean;
}

/** Written at once and in one piece: what was killed meanwhile has written nothing. */
export function recordSection(file: string, { mode, resources, from, to, isIntact }: Section): void {
  appendFileSync(file, `${mode} ${resources.join(',')} ${from} ${to} ${isIntact}\n`);
}

export function readSections(file: string): Section[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [mode, resources = '', from = '', to = '', isIntact] = line.split(' ');
    const times = { from: BigInt(from), to: BigInt(to) };
    return { mode: mode as LockMode, resources: resources.split(','), ...times, isIntact: isIntact === 'true' };
  });
}

/** Pairs of intact sections that shared a resource at one time although one of them was a writer's (protocol I1). */
export function findOverlaps(sections: readonly Section[]): readonly (readonly [Section, Section])[] {
  const intact = sections.filter(({ isIntact }) => isIntact).sort((a, b) => (a.from < b.from ? -1 : 1));
  const resources = new Set(intact.flatMap((section) => section.resources));
  return [...resources].flatMap((resource) => overlapsOf(intact.filter((one) => one.resources.includes(resource))));
}

/** Of sections sorted by their beginning. Only whoever ends last of each mode can still be inside when another begins. */
function overlapsOf(sections: readonly Section[]): (readonly [Section, Section])[] {
  const last: Partial<Record<LockMode, Section>> = {};
  const overlaps: (readonly [Section, Section])[] = [];
  for (const section of sections) {
    const others = section.mode === 'write' ? [last.write, last.read] : [last.write];
    for (const other of others) if (other !== undefined && section.from < other.to) overlaps.push([other, section]);
    const latest = last[section.mode];
    if (latest === undefined || latest.to < section.to) last[section.mode] = section;
  }
  return overlaps;
}
