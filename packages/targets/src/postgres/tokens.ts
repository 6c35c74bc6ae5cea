import { hasSqlDetails, scanSync, type ScanToken } from 'libpg-query';

/*
 * Code that PostgreSQL keeps or gets as a text: bodies of functions, DO. Its procedural languages have grammars of their
 * own, but one scanner, so names and words of the code are told from comments and literals.
 */

/** The tokens without comments, once the parser is loaded; none where the scanner refuses the text, as of another language. */
export function codeTokens(source: string): readonly ScanToken[] {
  try {
    const { tokens } = scanSync(source);
    return tokens.filter(({ tokenName }) => tokenName !== 'SQL_COMMENT' && tokenName !== 'C_COMMENT');
  } catch (error) {
    if (hasSqlDetails(error)) return [];
    throw error;
  }
}

/** The names, in small letters, that are called like functions. */
export function calledNames(tokens: readonly ScanToken[]): readonly string[] {
  return tokens.flatMap(({ text }, index) => (tokens[index + 1]?.text === '(' ? [unquoted(text)] : []));
}

/** True where one of these words stands outside names and literals, in any case. */
export function hasWord(tokens: readonly ScanToken[], ...words: readonly string[]): boolean {
  return tokens.some(({ text }) => words.includes(text.toUpperCase()));
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
