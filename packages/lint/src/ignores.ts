import type { LintIgnore } from '@eden/domain';
import type { Token } from '@eden/lexers';

const WORD = 'eden:ignore';

/** `eden:ignore drop-table: nobody has read it since May`, behind what begins the comment. */
const IGNORE = /^(?:--|#|\/\*)\s*eden:ignore[ \t]+([^\s:]+)[ \t]*(?::([^\n]*))?/;

/** The comments of a text that take rules out of force in it; only comments, as literals hold what others have written. */
export function readIgnores(text: string, readToken: (text: string, start: number) => Token): readonly LintIgnore[] {
  if (!text.includes(WORD)) return [];
  const ignores: LintIgnore[] = [];
  let line = 1;
  for (let offset = 0; offset < text.length;) {
    const { kind, start, end } = readToken(text, offset);
    const written = text.slice(start, end);
    const match = kind === 'comment' ? IGNORE.exec(written) : null;
    const [, rule = '', reason = ''] = match ?? [];
    if (match !== null) ignores.push({ rule, reason: reason.replace(/\*\/\s*$/, '').trim(), line });
    line += written.split('\n').length - 1;
    offset = end;
  }
  return ignores;
}
