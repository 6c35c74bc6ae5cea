import { leavesValue, quoteInside, readJson, type JsonPlace } from '@eden/lexers';
import type { TemplateValue } from '../expression/scope.js';
import { RenderProblem } from '../problems.js';
import { storable, writeJson, writeNumber, writeText } from '../text/write-text.js';
import type { Grammar } from './grammar.js';

/** In UTF-16 units. */
const LONGEST_BODY = 8 * 1024 * 1024;

/** JSON text: a value is a whole JSON value, or stands inside a text and cannot end it. */
export const JSON_TEXT: Grammar<JsonPlace> = {
  start: 'value expected',

  read(text, place) {
    if (place === 'behind a value' && !leavesValue(text)) throw new RenderProblem('two values follow each other');
    const behind = readJson(text, place);
    if (behind === 'escape') throw new RenderProblem('an escape (\\n, \\u0041) cannot be cut into pieces');
    return behind;
  },

  refusal: (place) => (place === 'behind a value' ? 'a value cannot follow another one with nothing between' : null),

  write: (value, _kind, place) => (place === 'text' ? quoteInside(writeText(value)) : wholeValue(value)),

  behind: (place) => (place === 'text' ? 'text' : 'behind a value'),

  finish(text) {
    if (text.length > LONGEST_BODY) throw new RenderProblem('the body is too long');
    try {
      JSON.parse(text);
    } catch {
      throw new RenderProblem('the body is no JSON');
    }
    return text;
  },
};

export function wholeValue(value: TemplateValue): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(storable(value));
  if (typeof value === 'number') return writeNumber(value);
  return typeof value === 'object' ? writeJson(value) : String(value);
}
