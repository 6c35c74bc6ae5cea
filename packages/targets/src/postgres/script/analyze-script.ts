import { setImmediate } from 'node:timers/promises';
import {
  weakestClass,
  type AnalysisContext,
  type AtomicityClass,
  type LintFinding,
  type StatementAnalysis,
} from '@eden/domain';
import { postgresLinter, type TextLinter } from '@eden/lint';
import type { Node } from 'libpg-query';
import { classify } from '../classify.js';
import { effectsOf, notUndone } from '../not-undone.js';
import { OutsideLook } from '../outside/outside-look.js';
import { lineAndColumn } from '../place.js';
import { cutScript, type ScriptPiece } from './cut.js';
import { EnumUse } from './enum-use.js';
import { isPlain, judge, type Judgement } from './judge.js';

/** Parsing goes on at a stretch for so long; then the event loop has its turn. */
const TURN_MS = 20;

/** Of more places of one kind a finding counts the rest. */
const MOST_NAMED = 5;

/** More refusals help nobody; the line of each is counted from the beginning. */
const MOST_REFUSALS = 100;

/** So many statements of a text are parsed, whatever they are. */
const MOST_PARSED = 100_000;

/** Behind those only what may be more than rows that come and go. */
const OF_ROWS = new Set('COPY DELETE INSERT SELECT UPDATE VALUES'.split(' '));

/**
 * Class, lint findings and refusals of a text as it is.
 * @throws ScriptProblem for what the service cannot do; the reason of the signal
 */
export async function analyzeScript(
  text: string,
  { newEnumValues = [], signal }: AnalysisContext,
  mostParsed = MOST_PARSED,
): Promise<StatementAnalysis> {
  const analysis = new ScriptAnalysis(text, new EnumUse(newEnumValues));
  let turnEndsAt = performance.now() + TURN_MS;
  let count = 0;
  for (const piece of cutScript(text)) {
    count += 1;
    if (count > mostParsed && isPlain(piece) && OF_ROWS.has(piece.keyword)) analysis.passOver(piece);
    else analysis.add(piece, await judge(text, piece));
    if (performance.now() < turnEndsAt) continue;
    await setImmediate();
    signal?.throwIfAborted();
    turnEndsAt = performance.now() + TURN_MS;
  }
  return analysis.result();
}

class ScriptAnalysis {
  private readonly linter: TextLinter<Node>;
  private readonly outside = new OutsideLook();
  /** With where the first statement of each begins. */
  private readonly effects = new Map<string, number>();
  private readonly refusals: string[] = [];
  private readonly joined: ScriptPiece[] = [];
  private readonly kept: ScriptPiece[] = [];
  private readonly unparsed: ScriptPiece[] = [];
  private readonly passedOver: ScriptPiece[] = [];
  private class: AtomicityClass = '2pc';

  constructor(
    private readonly text: string,
    private readonly enums: EnumUse,
  ) {
    this.linter = postgresLinter(text);
  }

  add(piece: ScriptPiece, { verdict, node, refusal }: Judgement): void {
    if (refusal !== null && this.refusals.length < MOST_REFUSALS) this.refuse(refusal, piece);
    if (verdict === 'joined') this.joined.push(piece);
    if (verdict === 'kept') this.kept.push(piece);
    this.outside.look(node);
    if (piece.data !== null) this.outside.lookAtData();
    if (node === null) this.unparsed.push(piece);
    else this.look(node, piece);
  }

  passOver(piece: ScriptPiece): void {
    this.passedOver.push(piece);
  }

  private refuse(refusal: string, piece: ScriptPiece): void {
    this.refusals.push(`${refusal} (line ${this.lineOf(piece.variableAt ?? piece.start)})`);
  }

  result(): StatementAnalysis {
    const undone = notUndone(this.effects, (offset) => this.lineOf(offset));
    const findings = [...undone, ...this.ownFindings()];
    const lint = this.linter.result();
    const { createdTables } = this.outside;
    const { adds: addedEnumValues, uses: usedEnumValues } = this.enums;
    const known = { class: this.class, findings, lint, refusals: this.refusals, outside: this.outside.result() };
    return { ...known, createdTables, addedEnumValues, usedEnumValues };
  }

  private look(node: NonNullable<Judgement['node']>, { start, end }: ScriptPiece): void {
    this.enums.look(node, this.text.slice(start, end));
    this.linter.look(node, start);
    for (const effect of effectsOf(node)) if (!this.effects.has(effect)) this.effects.set(effect, start);
    this.class = weakestClass([this.class, classify([{ node }])]);
  }

  private ownFindings(): readonly LintFinding[] {
    return [
      this.finding(
        'joined-transaction',
        'BEGIN and COMMIT of the text become part of the migration’s transaction',
        this.joined,
      ),
      this.finding('kept-setting', 'application_name stays as the service has set it', this.kept),
      this.finding(
        'not-parsed',
        'A statement that the parser does not know or is too long for it: the server decides',
        this.unparsed,
      ),
      this.finding(
        'too-many-statements',
        'The text has so many statements that these were not looked at: the server decides; divide it, or bring the rows by COPY',
        this.passedOver,
      ),
    ].filter((finding) => finding !== null);
  }

  private finding(rule: string, words: string, pieces: readonly ScriptPiece[]): LintFinding | null {
    const lines = pieces.slice(0, MOST_NAMED).map(({ start }) => this.lineOf(start));
    const [line] = lines;
    if (line === undefined) return null;
    const more = pieces.length > MOST_NAMED ? ` and ${pieces.length - MOST_NAMED} more` : '';
    const message = `${words} (${lines.length > 1 ? 'lines' : 'line'} ${lines.join(', ')}${more})`;
    return { rule, severity: 'warning', message, line };
  }

  private lineOf(offset: number): number {
    return lineAndColumn(this.text.slice(0, offset)).line;
  }
}
