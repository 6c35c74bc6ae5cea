import type { BoundText, BoundValue } from '@eden/domain';
import type { RenderBudget } from '../budget.js';
import type { TemplateValue } from '../expression/scope.js';
import { Output } from '../program.js';
import { RenderProblem } from '../problems.js';
import type { Head } from './boundary.js';
import { AFTER, behindSpace, every, GLUE, OPERAND_ENDS, some, START, WRITTEN } from './boundary.js';
import type { SqlDialect } from './dialect.js';
import { writeJson, writeText } from '../text/write-text.js';
import { writeValue } from './literal.js';
import type { TemplatedKind } from '@eden/lexers';

const ARRAY_OUT_OF_LIST = 'an array stands alone in IN (…) or ARRAY[…]; elsewhere write {{list x}}';

/** A piece of SQL text as the template has it. */
export interface CodePiece {
  readonly text: string;
  readonly head: Head;
  /** Bits of what the text ends with; null when it is blank and what precedes stays in sight. */
  readonly tail: number | null;
}

/** A statement while it is rendered. It checks every place where two pieces meet. */
export class SqlOutput extends Output {
  readonly #dialect: SqlDialect;
  #text = '';
  /** The same with values beside it. */
  #boundText = '';
  /** Null once something was written that is not one value. */
  #values: BoundValue[] | null;
  #tail = START;
  /** A negative number whose sign may still need parentheses: `-5::text` means `-(5::text)`. */
  #negative = '';
  /** What names it where values stand beside the text. */
  #negativeBound = '';
  /** White space behind it. */
  #gap = '';
  /** The contents of the literal or identifier that is open, unquoted. */
  #open = '';
  #openTail = START;
  /** An array was written last, and its last value must not become part of something else. */
  #endsInArray = false;

  constructor(dialect: SqlDialect, budget: RenderBudget) {
    super(budget);
    this.#dialect = dialect;
    this.#values = dialect.placeholder === null ? null : [];
  }

  /** The finished statement. */
  finish(): string {
    this.#append('', false);
    return this.#text;
  }

  /** Null unless every placeholder was written as one value. */
  get bound(): BoundText | null {
    return this.#values === null ? null : { text: this.#boundText, values: this.#values };
  }

  code({ text, head, tail }: CodePiece): void {
    if (tail !== null) this.#leaveArray(head.endsElement);
    this.#meet(head);
    if (tail === null && this.#negative !== '') this.#gap += text;
    else this.#append(text, head.bindsTightly);
    this.#tail = tail ?? behindSpace(this.#tail);
  }

  /** A value that makes one element of a list, or several when it is an array. */
  element(value: TemplateValue): void {
    this.value(value);
    this.#endsInArray = Array.isArray(value);
  }

  /** A value where an array would be more than the one that the place has room for. */
  single(value: TemplateValue): void {
    if (Array.isArray(value)) throw new RenderProblem(ARRAY_OUT_OF_LIST);
    this.value(value);
  }

  /** @throws RenderProblem when an operand stands directly before */
  value(value: TemplateValue): void {
    if (some(this.#tail, OPERAND_ENDS)) throw new RenderProblem('a value follows another one with nothing between');
    const text = writeValue(value, this.#dialect);
    const isNegative = text.startsWith('-');
    if (isNegative && some(this.#tail, AFTER.word)) {
      throw new RenderProblem('a negative number behind a name would be a subtraction');
    }
    this.#separate(isNegative ? GLUE.none : GLUE.none | GLUE.operator);
    const bound = this.#bind(value);
    if (isNegative && !Array.isArray(value)) {
      this.#negative = text;
      this.#negativeBound = bound;
    } else this.#append(text, false, bound);
    this.#tail = GLUE.value | AFTER.value;
  }

  identifier(text: string): void {
    this.#values = null;
    this.#leaveArray(false);
    this.#separate(GLUE.none | GLUE.operator | GLUE.dot);
    this.#append(text, false);
    this.#tail = GLUE.identifier | AFTER.operand;
  }

  raw(text: string): void {
    this.#values = null;
    this.#leaveArray(false);
    this.#separate(GLUE.none);
    this.#append(text, false);
    this.#tail = GLUE.raw | AFTER.other;
  }

  open(head: Head): void {
    this.#meet(head);
    this.#open = '';
    this.#openTail = this.#tail;
  }

  /** Text inside the open literal or identifier, unquoted. */
  inside(text: string): void {
    this.#open += text;
  }

  insideValue(value: TemplateValue): void {
    this.insideTag(writeText(value));
  }

  /** The same of a tag, whose values cannot stand beside the text. */
  insideTag(text: string): void {
    this.#values = null;
    this.#open += text;
  }

  close(kind: TemplatedKind): void {
    if (kind === 'string') this.#closeString();
    else {
      this.#append(this.#dialect.quoteIdentifier(this.#open), false);
      this.#tail = GLUE.doubleQuote | AFTER.operand;
    }
  }

  #closeString(): void {
    const quoted = this.#dialect.quoteString(this.#open);
    // E'…' directly behind a word (as in date'…') or a number would become part of it.
    const space = some(this.#openTail, GLUE.word | GLUE.number) && !quoted.startsWith("'") ? ' ' : '';
    this.#append(space + quoted, false);
    this.#tail = GLUE.quote | AFTER.string;
  }

  /** Puts a space unless what precedes is among the `harmless`. */
  #separate(harmless: number): void {
    if (!every(this.#tail, harmless)) this.#append(' ', false);
  }

  /** Keeps the next piece of text apart from what stands before it. */
  #meet(head: Head): void {
    if (head.string && some(this.#tail, AFTER.string | AFTER.value)) {
      throw new RenderProblem('a literal follows a value with nothing between');
    }
    if (!some(this.#tail, head.conflicts)) return;
    if (!every(this.#tail, WRITTEN)) throw new RenderProblem('the texts of two blocks would melt into one token');
    this.#append(' ', false);
  }

  #leaveArray(endsElement: boolean): void {
    if (this.#endsInArray && !endsElement) throw new RenderProblem(ARRAY_OUT_OF_LIST);
    this.#endsInArray = false;
  }

  /** What stands for the value in the text that has its values beside it. */
  #bind(value: TemplateValue): string {
    const { placeholder } = this.#dialect;
    if (Array.isArray(value)) this.#values = null;
    if (placeholder === null || this.#values === null) return '';
    this.#values.push(boundOf(value));
    return placeholder(this.#values.length);
  }

  #append(text: string, bindsTightly: boolean, bound = text): void {
    this.budget.write(text.length);
    if (this.#negative !== '') {
      this.#text += (bindsTightly ? `(${this.#negative})` : this.#negative) + this.#gap;
      this.#boundText += this.#negativeBound + this.#gap;
      this.#negative = '';
      this.#gap = '';
    }
    this.#text += text;
    this.#boundText += bound;
  }
}

function boundOf(value: TemplateValue): BoundValue {
  return typeof value === 'object' && value !== null ? writeJson(value) : value;
}
