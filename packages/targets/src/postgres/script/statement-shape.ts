import type { TokenKind } from '@eden/lexers';
import { EDEN_SCHEMA } from '../names.js';

/** How psql knows that a body of BEGIN ATOMIC may follow: CREATE [OR REPLACE] FUNCTION or PROCEDURE. */
const ROUTINES = ['CREATE FUNCTION', 'CREATE PROCEDURE', 'CREATE OR REPLACE FUNCTION', 'CREATE OR REPLACE PROCEDURE'];
const LONGEST_ROUTINE = 4;

/** Names behind which settings or our own tables stand. */
const WATCHED = new Set([EDEN_SCHEMA, 'set_config']);

/** What is known of a statement from its tokens alone: enough to find its end, and not more. */
export class StatementShape {
  keyword = '';
  isDoubtful = false;
  variableAt: number | null = null;
  private readonly words: string[] = [];
  private isRoutine = false;
  private parentheses = 0;
  private brackets = 0;
  private begins = 0;
  private tokens = 0;
  /** Of COPY: FROM was the last word outside of parentheses. */
  private behindFrom = false;
  private fromStdin = false;

  /** A semicolon ends it. */
  get isComplete(): boolean {
    return this.parentheses === 0 && this.begins === 0;
  }

  /** Lines of data follow. */
  get readsData(): boolean {
    return this.fromStdin;
  }

  take(kind: TokenKind, text: string, start: number, end: number): void {
    this.tokens += 1;
    if (kind === 'word') this.takeWord(text.slice(start, end).toUpperCase());
    else if (kind === 'quotedIdentifier') this.watch(text.slice(start + 1, end - 1));
    else if (kind === 'unicodeIdentifier') this.isDoubtful = true;
    if (kind !== 'word') this.behindFrom = false;
  }

  takeSign(sign: string): void {
    this.tokens += 1;
    this.behindFrom = false;
    if (sign === '(') this.parentheses += 1;
    else if (sign === ')') this.parentheses = Math.max(0, this.parentheses - 1);
    else if (sign === '[') this.brackets += 1;
    else if (sign === ']') this.brackets = Math.max(0, this.brackets - 1);
  }

  /** Within brackets a colon makes a slice. */
  noteVariable(offset: number): void {
    if (this.brackets > 0) return;
    this.variableAt ??= offset;
    this.isDoubtful = true;
  }

  private takeWord(word: string): void {
    if (this.tokens === 1) this.keyword = word;
    this.watch(word.toLowerCase());
    if (this.words.length < LONGEST_ROUTINE) this.takeFirstWord(word);
    if (this.isRoutine && this.parentheses === 0) this.takeBlockWord(word);
    if (this.keyword === 'COPY' && this.parentheses === 0) this.takeCopyWord(word);
  }

  private takeFirstWord(word: string): void {
    this.words.push(word);
    this.isRoutine ||= ROUTINES.includes(this.words.join(' '));
  }

  /** CASE ends with END as well. */
  private takeBlockWord(word: string): void {
    if (word === 'BEGIN' || (word === 'CASE' && this.begins > 0)) this.begins += 1;
    else if (word === 'END' && this.begins > 0) this.begins -= 1;
  }

  /** The grammar takes STDOUT for STDIN. */
  private takeCopyWord(word: string): void {
    if (this.behindFrom && (word === 'STDIN' || word === 'STDOUT')) this.fromStdin = true;
    this.behindFrom = word === 'FROM';
  }

  private watch(name: string): void {
    if (WATCHED.has(name)) this.isDoubtful = true;
  }
}
