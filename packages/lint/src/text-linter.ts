import type { LintPlace, TextLint } from '@eden/domain';
import type { Token } from '@eden/lexers';
import { readIgnores } from './ignores.js';
import type { Match, RuleText, StatementRule } from './rule.js';

/** What a linter knows of the language of its text. */
export interface Language<S> {
  readonly rules: readonly StatementRule<S>[];
  /** Names of what a statement makes. */
  readonly madeBy: (statement: S) => readonly string[];
  readonly readToken: (text: string, start: number) => Token;
}

/** So many places of a rule are kept of one text; a text may have a statement for every row. */
const MOST_PLACES = 1_000;

/** Looks at the statements of one text, one after the other. */
export class TextLinter<S> {
  private readonly places = new Map<string, LintPlace[]>();
  private readonly made = new Set<string>();
  private readonly lines: LineCounter;

  constructor(
    private readonly text: string,
    private readonly language: Language<S>,
  ) {
    this.lines = new LineCounter(text);
  }

  /** @param start Offset of the statement; statements come in their order. */
  look(statement: S, start: number): void {
    for (const rule of this.language.rules) {
      for (const match of rule.find(statement)) this.note(rule, match, start);
    }
    for (const name of this.language.madeBy(statement)) this.made.add(name);
  }

  result(): TextLint {
    const ignores = readIgnores(this.text, this.language.readToken);
    return { places: [...this.places.values()].flat(), makes: [...this.made], ignores };
  }

  /** What the text decides by itself is decided here. */
  private note(rule: RuleText, match: Match, start: number): void {
    if (match.unless?.some((name) => this.made.has(name)) === true) return;
    const places = this.places.get(rule.name) ?? [];
    this.places.set(rule.name, places);
    if (places.length >= MOST_PLACES) return;
    const { onlyIf, ...rest } = match;
    const isOpen = onlyIf !== undefined && !onlyIf.some((name) => this.made.has(name));
    places.push({ ...findingOf(rule), line: this.lines.at(start), ...rest, ...(isOpen ? { onlyIf } : {}) });
  }
}

function findingOf({ name, severity, title, safer }: RuleText) {
  return { rule: name, severity, message: `${title}. ${safer}` };
}

/** Lines of offsets that grow, in one pass over the text. */
class LineCounter {
  private offset = 0;
  private line = 1;

  constructor(private readonly text: string) {}

  at(offset: number): number {
    for (let next = this.text.indexOf('\n', this.offset); next >= 0 && next < offset;) {
      this.line += 1;
      this.offset = next + 1;
      next = this.text.indexOf('\n', this.offset);
    }
    return this.line;
  }
}
