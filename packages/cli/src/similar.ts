import { CommandError, EXIT } from './exit-codes.js';

/** @throws CommandError (usage) that says `complaint`, and what may have been meant */
export function choose<Known extends string>(text: string, known: readonly Known[], complaint: string): Known {
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  const meant = closest(text, known);
  const next = `Take one of ${known.join(', ')}${meant === null ? '' : `; did you mean ${meant}?`}`;
  throw new CommandError(complaint, next, EXIT.usage);
}

/** What somebody may have meant by `word`; null when nothing comes near. */
export function closest(word: string, candidates: readonly string[]): string | null {
  const nearest = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const most = Math.max(1, Math.floor(word.length / 3));
  return nearest !== undefined && nearest.distance <= most ? nearest.candidate : null;
}

/** Damerau–Levenshtein distance with adjacent transpositions (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array.from({ length: b.length }, () => 0)]);
  const at = (i: number, j: number): number => (i < 0 || j < 0 ? Infinity : i === 0 ? j : (rows[i]?.[j] ?? Infinity));
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      (rows[i] as number[])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + cost, swapped);
    }
  }
  return at(a.length, b.length);
}
