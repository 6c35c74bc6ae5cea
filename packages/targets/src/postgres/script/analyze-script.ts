import { setImmediate } from 'node:timers/promises';
import { weakestClass, type AtomicityClass, type LintFinding, type StatementAnalysis } from '@eden/domain';
import { classify } from '../classify.js';
import { Linter } from '../lint.js';
import { effectsOf, notUndone } from '../not-undone.js';
import { lineAndColumn } from '../place.js';
import { cutScript, type ScriptPiece } from './cut.js';
import { judge, type Judgement } from './judge.js';

/** Parsing goes on at a stretch for so long; then the event loop has its turn. */
const TURN_MS = 20;

/** Of more places of one kind a finding counts the rest. */
const MOST_NAMED = 5;

/** Class, lint findings and refusals of a text as it is. @throws ScriptProblem for what the service cannot do */
export async function analyzeScript(text: string): Promise<StatementAnalysis> {
  const analysis = new ScriptAnalysis(text);
  let turnEndsAt = performance.now() + TURN_MS;
  for (const piece of cutScript(text)) {
    analysis.add(piece, await judge(text, piece));
    if (performance.now() < turnEndsAt) continue;
    await setImmediate();
    turnEndsAt = performance.now() + TURN_MS;
  }
  return analysis.result();
}

class ScriptAnalysis {
  private readonly linter = new Linter();
  private readonly effects = new Set<string>();
  private readonly refusals: string[] = [];
  private readonly joined: ScriptPiece[] = [];
  private readonly kept: ScriptPiece[] = [];
  private readonly unparsed: ScriptPiece[] = [];
  private class: AtomicityClass = '2pc';

  constructor(private readonly text: string) {}

  add(piece: ScriptPiece, { verdict, node, refusal }: Judgement): void {
    if (refusal !== null) this.refusals.push(`${refusal} (line ${this.lineOf(piece.variableAt ?? piece.start)})`);
    if (verdict === 'joined') this.joined.push(piece);
    if (verdict === 'kept') this.kept.push(piece);
    if (node === null) this.unparsed.push(piece);
    else this.look(node);
  }

  result(): StatementAnalysis {
    const findings = [...this.linter.findings, ...notUndone(this.effects), ...this.ownFindings()];
    return { class: this.class, findings, refusals: this.refusals };
  }

  private look(node: NonNullable<Judgement['node']>): void {
    this.linter.look(node);
    for (const effect of effectsOf(node)) this.effects.add(effect);
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
    ].filter((finding) => finding !== null);
  }

  private finding(rule: string, words: string, pieces: readonly ScriptPiece[]): LintFinding | null {
    if (pieces.length === 0) return null;
    const lines = pieces.slice(0, MOST_NAMED).map(({ start }) => this.lineOf(start));
    const more = pieces.length > MOST_NAMED ? ` and ${pieces.length - MOST_NAMED} more` : '';
    const message = `${words} (${lines.length > 1 ? 'lines' : 'line'} ${lines.join(', ')}${more})`;
    return { rule, severity: 'warning', message };
  }

  private lineOf(offset: number): number {
    return lineAndColumn(this.text.slice(0, offset)).line;
  }
}
