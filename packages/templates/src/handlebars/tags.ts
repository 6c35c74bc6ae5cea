import { LITERAL_BRACES, positionAt, TemplateProblem } from '../problems.js';

/** How deep blocks, `else if` chains and parentheses may nest. Handlebars' parser slows down with the square of it. */
const MAX_DEPTH = 100;

/** Stand for `[` and `]` of `items[0]` in what Handlebars reads: Unicode noncharacters, so no text may hold them. */
export const INDEX_OPEN = '\uFDD0';
export const INDEX_CLOSE = '\uFDD1';
/** Stands for the `}` behind a tag, as in the JSON text `{"a":{{x}}}`: Handlebars would take the three for one sign. */
const BRACE = '\uFDD2';

const TAG_OPEN = /\{\{/g;
const INSIDE_TAG = /"(?:\\"|[^"])*"|'(?:\\'|[^'])*'|\[(\d+)\]|\[[^\][}\n]*\]|[()]|\}\}/g;
const COMMENT_OPEN = /\{\{~?!(--)?/y;
const COMMENT_CLOSE = /\}\}/g;
const LONG_COMMENT_CLOSE = /--~?\}\}/g;

interface Tag {
  readonly start: number;
  readonly end: number;
  /** The tag as Handlebars shall read it: as long as it was. */
  readonly text: string;
}

/**
 * Prepares a template for Handlebars' parser without moving a character: `items[0]` (which it cannot read) becomes one
 * identifier, a `}` behind a tag stays one, comments lose their text (reading `{{!-- --}}` takes it time proportional to the whole template).
 * Linear in the length of the text.
 * @throws TemplateProblem when tags nest too deep or the text holds characters that no SQL text may hold.
 */
export function prepareTags(text: string): string {
  refuseCharacters(text);
  const depth = new DepthGauge(text);
  let prepared = '';
  let done = 0;
  for (let tag = nextTag(text, 0, depth); tag !== null; tag = nextTag(text, tag.end, depth)) {
    prepared += text.slice(done, tag.start) + tag.text;
    done = tag.end;
    if (text.charAt(done) !== '}' || tag.text.startsWith('{{{')) continue;
    prepared += BRACE;
    done += 1;
  }
  return prepared + text.slice(done);
}

/** Puts back what `prepareTags` replaced. */
export function restoreIndexes(text: string): string {
  return text.replaceAll(INDEX_OPEN, '[').replaceAll(INDEX_CLOSE, ']').replaceAll(BRACE, '}');
}

function refuseCharacters(text: string): void {
  const offset = text.search(/[\0\uFDD0-\uFDD2\p{Surrogate}]/u);
  if (offset < 0) return;
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  throw new TemplateProblem(positionAt(text, offset), `the character U+${code} is not allowed in a template`);
}

/** The next complete tag from `from` on; null when there is none, or when it never ends (Handlebars will say so). */
function nextTag(text: string, from: number, depth: DepthGauge): Tag | null {
  TAG_OPEN.lastIndex = from;
  const start = TAG_OPEN.exec(text)?.index;
  if (start === undefined) return null;
  if (text.startsWith('{{{{', start))
    throw new TemplateProblem(positionAt(text, start), `raw blocks are not supported${LITERAL_BRACES}`);
  COMMENT_OPEN.lastIndex = start;
  const comment = COMMENT_OPEN.exec(text);
  if (comment !== null) return readComment(text, start, comment[1] === undefined ? COMMENT_CLOSE : LONG_COMMENT_CLOSE);
  const tag = readTag(text, start, depth);
  if (tag !== null) depth.block(tag);
  return tag;
}

function readComment(text: string, start: number, closing: RegExp): Tag | null {
  closing.lastIndex = start + '{{!'.length;
  const close = closing.exec(text);
  if (close === null) return null;
  const end = close.index + close[0].length;
  return { start, end, text: blankComment(text.slice(start, end)) };
}

function blankComment(comment: string): string {
  const open = comment.startsWith('{{~') ? '{{~!' : '{{!';
  const close = comment.endsWith('~}}') ? '~}}' : '}}';
  const body = comment.slice(open.length, comment.length - close.length);
  return open + body.replace(/[^\r\n]/g, ' ') + close;
}

function readTag(text: string, start: number, depth: DepthGauge): Tag | null {
  let prepared = '';
  let done = start;
  INSIDE_TAG.lastIndex = start + 2;
  for (let found = INSIDE_TAG.exec(text); found !== null; found = INSIDE_TAG.exec(text)) {
    const end = found.index + found[0].length;
    if (found[0] === '}}') return { start, end, text: prepared + text.slice(done, end) };
    depth.parenthesis(found[0], found.index);
    if (found[1] === undefined || !/[^\s./({]/.test(text.charAt(found.index - 1))) continue;
    prepared += text.slice(done, found.index) + INDEX_OPEN + found[1] + INDEX_CLOSE;
    done = end;
  }
  return null;
}

/** Counts how deep the tags read so far are nested. */
class DepthGauge {
  readonly #text: string;
  /** For each open block, how many levels it adds: itself and its `else if`s. */
  readonly #blocks: number[] = [];
  #depth = 0;
  #parentheses = 0;

  constructor(text: string) {
    this.#text = text;
  }

  block(tag: Tag): void {
    this.#parentheses = 0;
    const kind = /^\{\{~?(?:(#|\^(?!\s*~?\}\}))|(\/)|\s*else\s+([^\s~}]))/.exec(tag.text);
    if (kind?.[1] !== undefined) this.#blocks.push(0);
    if (kind?.[2] !== undefined) this.#depth -= this.#blocks.pop() ?? 0;
    else if (kind !== null) this.#deepen(tag.start);
  }

  parenthesis(found: string, offset: number): void {
    if (found === '(') this.#parentheses += 1;
    else if (found === ')') this.#parentheses -= 1;
    if (this.#parentheses > MAX_DEPTH) this.#refuse(offset);
  }

  #deepen(offset: number): void {
    const innermost = this.#blocks.length - 1;
    if (innermost < 0) return;
    this.#blocks[innermost] = (this.#blocks[innermost] ?? 0) + 1;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#refuse(offset);
  }

  #refuse(offset: number): never {
    throw new TemplateProblem(positionAt(this.#text, offset), `tags nest deeper than ${MAX_DEPTH} levels`);
  }
}
