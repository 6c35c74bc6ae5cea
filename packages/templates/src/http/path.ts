import { isRequestTarget, quotePart } from '@eden/lexers';
import type { TemplateValue } from '../expression/scope.js';
import { RenderProblem } from '../problems.js';
import { writeText } from '../text/write-text.js';
import type { Grammar } from './grammar.js';

/** Before the `?`, or behind it. */
type PathPlace = 'path' | 'query';

const SIGNS = /^(?:[\w\-.~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*$/;

/**
 * Path and query: a value is one part of a segment, or of a name or value of the query, whatever it holds.
 * `{{list x}}` writes its elements with commas between.
 */
export const PATH: Grammar<PathPlace> = {
  start: 'path',

  read(text, place) {
    if (!SIGNS.test(text)) {
      throw new RenderProblem("a path and its query hold letters, digits, -._~!$&'()*+,;=:@/? and %41, nothing else");
    }
    return text.includes('?') ? 'query' : place;
  },

  refusal: () => null,

  write(value, kind, place) {
    if (kind === 'list' && Array.isArray(value)) return value.map((each) => writePart(each, place)).join(',');
    return writePart(value, place);
  },

  behind: (place) => place,

  finish(text) {
    if (isRequestTarget(text)) return text;
    throw new RenderProblem('a path begins with one /, and no part between its slashes is "." or ".."');
  },
};

function writePart(value: TemplateValue, place: PathPlace): string {
  if (typeof value === 'object' && value !== null) {
    throw new RenderProblem('an array or an object cannot stand in a path; a list is written {{list x}}');
  }
  const text = writeText(value);
  // What follows an empty part is another resource: /users/ instead of /users/7.
  if (text === '' && place === 'path') throw new RenderProblem('an empty text cannot stand in a path');
  return quotePart(text);
}
