import type { CodeLiterals, CodePlace } from './code-places.js';
import { isCode, placeBehind, placesBehindAnyWord } from './code-places.js';
import type { Token, TokenKind } from '@eden/lexers';

interface Bracket {
  /** It holds the values of `IN (…)` or `ARRAY[…]`. */
  readonly isList: boolean;
  readonly outer: Bracket | null;
}

/** What is known of the statement around a place of the template: everything that may hold on some way to it. */
export interface Structure {
  readonly places: ReadonlySet<CodePlace>;
  /** The places before a word that text behind a block may go on with; null when no word has just been read. */
  readonly beforeWord: ReadonlySet<CodePlace> | null;
  /** What stands directly before: a word that begins a list, what begins an element of one, or a word that a name follows. */
  readonly previous: 'IN' | 'ARRAY' | 'begin' | 'name' | 'other';
  /** The innermost open bracket; null when none is known. */
  readonly bracket: Bracket | null;
}

export const OUTSIDE: Structure = { places: new Set(['start']), beforeWord: null, previous: 'other', bracket: null };

const SUBQUERY = /^(SELECT|VALUES|WITH|TABLE)$/i;

/** True where an array is a list of values: alone between the commas of `IN (…)` or `ARRAY[…]`. */
export function beginsElement({ previous, bracket }: Structure): boolean {
  return previous === 'begin' && bracket?.isList === true;
}

/** Behind these stand names or brackets, and literals never. */
const BEFORE_NAMES = new Set(['TABLE', 'COLUMN', 'INTO', 'JOIN', 'UPDATE', 'EXISTS']);

/** True where a name has to stand. */
export function expectsName({ previous }: Structure): boolean {
  return previous === 'name';
}

/** True where a literal is, or may be, run as code. */
export function standsInCode({ places }: Structure): boolean {
  return isCode(places);
}

/** Behind text. `mayGoOn`: its first word may be the rest of one that was begun before a block. */
export function behindText(
  structure: Structure,
  { text, tokens, mayGoOn }: { readonly text: string; readonly tokens: readonly Token[]; readonly mayGoOn: boolean },
  code: CodeLiterals,
): Structure {
  return tokens.reduce((before, { kind, start, end }, index) => {
    const token = { kind, written: text.slice(start, end) };
    const behind = behindToken(before, token, code);
    return index === 0 && mayGoOn && kind === 'word' ? behindRestOfWord(before, behind, code) : behind;
  }, structure);
}

/** Behind a literal, an identifier or SQL text that a tag has written. */
export function behindTag(structure: Structure, kind: TokenKind | 'raw', code: CodeLiterals): Structure {
  const behind = behindToken(structure, { kind: kind === 'raw' ? 'quotedIdentifier' : kind, written: '' }, code);
  return kind === 'raw' ? { ...behind, bracket: withoutList(behind.bracket) } : behind;
}

/** Behind a block, from what each of its ways through ended with. */
export function behindBlock(ends: readonly Structure[]): Structure {
  const [first = OUTSIDE, ...others] = ends;
  return others.reduce(
    (a, b) => ({
      places: union(a.places, b.places),
      beforeWord: a.beforeWord === null ? b.beforeWord : union(a.beforeWord, b.beforeWord ?? []),
      previous: a.previous === b.previous ? a.previous : 'other',
      bracket: a.bracket === b.bracket ? a.bracket : null,
    }),
    first,
  );
}

/** Before any turn of a loop, knowing nothing of what the turn before ends with. */
export function insideLoop(structure: Structure): Structure {
  return {
    ...structure,
    places: union(structure.places, ['start', 'plain']),
    previous: 'other',
    bracket: { isList: false, outer: null },
  };
}

/** Behind the last turn; null when a turn could begin elsewhere than `insideLoop` has it. */
export function behindLoop(before: Structure, entered: Structure, end: Structure): Structure | null {
  const goesOn = [...(end.beforeWord ?? [])].some((place) => place !== 'plain');
  if (goesOn || ![...end.places].every((place) => entered.places.has(place))) return null;
  return { ...end, bracket: end.bracket === entered.bracket ? before.bracket : null };
}

interface WrittenToken {
  readonly kind: TokenKind;
  readonly written: string;
}

function behindToken(before: Structure, token: WrittenToken, code: CodeLiterals): Structure {
  if (token.kind === 'space' || token.kind === 'comment') {
    return before.beforeWord === null ? before : { ...before, beforeWord: null };
  }
  return {
    places: new Set([...before.places].map((place) => placeBehind(place, token, code))),
    beforeWord: token.kind === 'word' ? before.places : null,
    previous: previousOf(token),
    bracket: bracketBehind(before, token),
  };
}

function behindRestOfWord({ beforeWord, bracket }: Structure, behind: Structure, code: CodeLiterals): Structure {
  if (beforeWord === null) return behind;
  const possible = [...beforeWord].flatMap((place) => placesBehindAnyWord(place, code));
  return {
    places: union(behind.places, possible),
    beforeWord: union(beforeWord, behind.beforeWord ?? []),
    previous: 'other',
    bracket: withoutList(bracket),
  };
}

function previousOf({ kind, written }: WrittenToken): Structure['previous'] {
  if (kind === 'punctuation') return /^[([,]$/.test(written) ? 'begin' : 'other';
  const word = kind === 'word' ? written.toUpperCase() : '';
  if (BEFORE_NAMES.has(word)) return 'name';
  return word === 'IN' || word === 'ARRAY' ? word : 'other';
}

function bracketBehind(before: Structure, { kind, written }: WrittenToken): Bracket | null {
  const { bracket } = before;
  if (kind === 'word') return beginsElement(before) && SUBQUERY.test(written) ? withoutList(bracket) : bracket;
  if (kind !== 'punctuation') return bracket;
  if (/^[)\]]$/.test(written)) return bracket?.outer ?? null;
  return /^[([]$/.test(written) ? { isList: opensList(before, written), outer: bracket } : bracket;
}

/** An array may hold others: `ARRAY[[1, 2], [3, 4]]`. */
function opensList(before: Structure, written: string): boolean {
  if (written === '(') return before.previous === 'IN';
  return before.previous === 'ARRAY' || beginsElement(before);
}

function withoutList(bracket: Bracket | null): Bracket | null {
  return bracket?.isList === true ? { ...bracket, isList: false } : bracket;
}

function union<T>(a: Iterable<T>, b: Iterable<T>): ReadonlySet<T> {
  return new Set([...a, ...b]);
}
