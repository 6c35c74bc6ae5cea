import { isHeaderValue } from '@eden/lexers';
import { RenderProblem } from '../problems.js';
import { writeText } from '../text/write-text.js';
import type { Grammar } from './grammar.js';

/** Inside `"…"`, or not; `escaped`: behind its backslash. */
type HeaderPlace = 'plain' | 'quoted' | 'escaped';

const SIGNS = /^[\t\x20-\x7e]*$/;
const ONE_LINE = 'a header holds one line of ASCII: no line breaks, no control characters, no letters beyond it';

/** The value of a header: one line, and inside `"…"` nothing ends the quotes. */
export const HEADER: Grammar<HeaderPlace> = {
  start: 'plain',

  read(text, start) {
    if (!SIGNS.test(text)) throw new RenderProblem(ONE_LINE);
    let place = start;
    for (const sign of text) place = behindSign(sign, place);
    return place;
  },

  refusal: (place) => (place === 'escaped' ? 'a tag cannot stand behind a backslash' : null),

  write(value, _kind, place) {
    const text = Array.isArray(value) ? value.map(writeText).join(',') : writeText(value);
    if (!SIGNS.test(text)) throw new RenderProblem(ONE_LINE);
    return place === 'quoted' ? text.replace(/["\\]/g, '\\$&') : text;
  },

  behind: (place) => place,

  finish(text) {
    const value = withoutBlanks(text);
    if (!isHeaderValue(value)) throw new RenderProblem(ONE_LINE);
    return value;
  },
};

/** At its ends. By index: an expression that looks for the last blanks goes over a run of blanks in the middle once for each of them. */
function withoutBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text.charAt(start))) start += 1;
  while (end > start && isBlank(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(sign: string): boolean {
  return sign === ' ' || sign === '\t';
}

function behindSign(sign: string, place: HeaderPlace): HeaderPlace {
  if (place === 'escaped') return 'quoted';
  if (sign === '"') return place === 'quoted' ? 'plain' : 'quoted';
  return sign === '\\' && place === 'quoted' ? 'escaped' : place;
}
