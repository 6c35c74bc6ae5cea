import { readPostgresToken } from '@eden/lexers';
import { cutScript, type ScriptPiece } from './cut.js';
import { judge } from './judge.js';
import { ScriptProblem } from './problem.js';

const WORD = 'CONCURRENTLY';
const KEYWORDS = new Set(['CREATE', 'DROP', 'REINDEX']);

/**
 * The text with blanks for the CONCURRENTLY of its CREATE INDEX, DROP INDEX and REINDEX statements: the places of an
 * error stay those of the text as written. What PostgreSQL's parser does not take for one of those stays as it is.
 */
export async function withoutConcurrently(text: string): Promise<string> {
  if (!/concurrently/i.test(text)) return text;
  try {
    return await blank(text);
  } catch (error) {
    // The analysis says what is wrong with it.
    if (error instanceof ScriptProblem) return text;
    throw error;
  }
}

async function blank(text: string): Promise<string> {
  const parts: string[] = [];
  let from = 0;
  for (const piece of cutScript(text)) {
    const at = await findWord(text, piece);
    if (at === null) continue;
    parts.push(text.slice(from, at), ' '.repeat(WORD.length));
    from = at + WORD.length;
  }
  return parts.join('') + text.slice(from);
}

/** Where the word stands that makes the statement one that cannot be in a transaction. */
async function findWord(text: string, piece: ScriptPiece): Promise<number | null> {
  if (!KEYWORDS.has(piece.keyword)) return null;
  const at = wordOf(text, piece);
  if (at === null) return null;
  const { node } = await judge(text, piece);
  const isIndex = node !== null && ('IndexStmt' in node || 'DropStmt' in node || 'ReindexStmt' in node);
  return isIndex ? at : null;
}

function wordOf(text: string, { start, end }: ScriptPiece): number | null {
  for (let at = start; at < end;) {
    const token = readPostgresToken(text, at);
    if (token.kind === 'word' && text.slice(token.start, token.end).toUpperCase() === WORD) return token.start;
    // Behind a parenthesis it is an option among others, or a name.
    if (text[token.start] === '(') return null;
    at = token.end;
  }
  return null;
}
