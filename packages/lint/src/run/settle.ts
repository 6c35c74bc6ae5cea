import type { GoneName, LintFinding, LintIgnore, LintPlace, SilencedFinding, TextLint } from '@eden/domain';
import { RULE_NAMES } from '../catalogue.js';
import { USELESS_IGNORE } from './useless-ignore.js';

/** One text of a run, in the order in which they run. */
export interface LintedText {
  /** Key of the database that it runs in. */
  readonly database: string;
  readonly lint: TextLint;
  /** What else was found of it; silenced by its comments as well. */
  readonly findings: readonly LintFinding[];
}

export interface SettledLint {
  readonly findings: readonly LintFinding[];
  readonly silenced: readonly SilencedFinding[];
}

/** APIs that use what is gone, by their ids. */
export type UsersOf = (database: string, gone: GoneName) => readonly string[];

/** Of more places of a rule a finding counts the rest. */
const MOST_NAMED = 5;

/** What counts of each text, once it is known what the whole run makes. */
export function settleLint(texts: readonly LintedText[], usersOf: UsersOf = () => []): readonly SettledLint[] {
  const ever = new Map<string, Set<string>>();
  for (const { database, lint } of texts) addAll(setOf(ever, database), lint.makes);
  const before = new Map<string, Set<string>>();
  return texts.map((text) => {
    const { database, lint } = text;
    const made = { before: setOf(before, database), ever: setOf(ever, database) };
    const places = lint.places
      .filter((place) => counts(place, made))
      .flatMap((place) => withUsers(place, (gone) => usersOf(database, gone)));
    addAll(made.before, lint.makes);
    return silence(text, places);
  });
}

interface Made {
  readonly before: ReadonlySet<string>;
  readonly ever: ReadonlySet<string>;
}

function counts({ unless = [], unlessEver = [], onlyIf }: LintPlace, { before, ever }: Made): boolean {
  if (unless.some((name) => before.has(name)) || unlessEver.some((name) => ever.has(name))) return false;
  return onlyIf === undefined || onlyIf.some((name) => before.has(name));
}

function withUsers(place: LintPlace, usersOf: (gone: GoneName) => readonly string[]): readonly LintPlace[] {
  if (place.gone === undefined) return [place];
  const users = usersOf(place.gone);
  const { table, column } = place.gone;
  const what = column === null ? table : `${table}.${column}`;
  return users.length === 0 ? [] : [{ ...place, message: `${what} is used by ${users.join(', ')}. ${place.message}` }];
}

function silence({ lint, findings: others }: LintedText, places: readonly LintPlace[]): SettledLint {
  const reasons = new Map(lint.ignores.filter(({ reason }) => reason !== '').map(({ rule, reason }) => [rule, reason]));
  const all = [...byMessage(places), ...others];
  const found = new Set([...lint.places, ...others].map(({ rule }) => rule));
  return {
    findings: [
      ...all.filter(({ rule }) => !reasons.has(rule)),
      ...lint.ignores.flatMap((ignore) => uselessIgnore(ignore, found)),
    ],
    silenced: all.flatMap((finding) => {
      const reason = reasons.get(finding.rule);
      return reason === undefined ? [] : [{ ...finding, reason }];
    }),
  };
}

/** One finding for all places of which the same is said. */
function byMessage(places: readonly LintPlace[]): readonly LintFinding[] {
  const groups = new Map<string, LintPlace[]>();
  for (const place of places) {
    const key = `${place.rule} ${place.message}`;
    groups.set(key, [...(groups.get(key) ?? []), place]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { rule, severity, message, line } = first;
    return [{ rule, severity, message: withLines(message, [...new Set(group.map((place) => place.line))]), line }];
  });
}

/** Behind the first sentence, which says what was found. */
function withLines(message: string, lines: readonly number[]): string {
  const named = lines.slice(0, MOST_NAMED).join(', ');
  const more = lines.length > MOST_NAMED ? ` and ${lines.length - MOST_NAMED} more` : '';
  const where = ` (${lines.length > 1 ? 'lines' : 'line'} ${named}${more})`;
  const end = message.indexOf('. ');
  return end < 0 ? `${message}${where}` : `${message.slice(0, end)}${where}${message.slice(end)}`;
}

function uselessIgnore({ rule, reason, line }: LintIgnore, found: ReadonlySet<string>): readonly LintFinding[] {
  const problem = !RULE_NAMES.has(rule)
    ? `there is no rule ${rule}`
    : reason === ''
      ? `it gives no reason: write "eden:ignore ${rule}: why"`
      : found.has(rule)
        ? null
        : `the text has nothing that ${rule} finds`;
  if (problem === null) return [];
  const { name, severity, title } = USELESS_IGNORE;
  return [{ rule: name, severity, message: `${title} (line ${line}): ${problem}`, line }];
}

function setOf(sets: Map<string, Set<string>>, key: string): Set<string> {
  const set = sets.get(key) ?? new Set<string>();
  sets.set(key, set);
  return set;
}

function addAll(set: Set<string>, names: readonly string[]): void {
  for (const name of names) set.add(name);
}
