/** Of a longer text a plan shows the beginning. In UTF-16 units. */
const MAX_EXCERPT_LENGTH = 64 * 1024;

export function excerptOf(text: string): string {
  return text.length <= MAX_EXCERPT_LENGTH ? text : `${text.slice(0, MAX_EXCERPT_LENGTH)}…`;
}
