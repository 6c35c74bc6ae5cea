import type { Statement } from '@eden/domain';
import type { Node } from 'libpg-query';
import { parseStatements } from '../syntax.js';
import { cutScript } from './cut.js';
import { judge } from './judge.js';

/** The parse trees of the statements of a text, one after the other; without those that the parser does not know. */
export async function* nodesOf({ text, syntax }: Statement): AsyncGenerator<Node> {
  if (syntax !== 'sql') {
    for (const { node } of await parseStatements(text)) yield node;
    return;
  }
  for (const piece of cutScript(text)) {
    const { node } = await judge(text, piece);
    if (node !== null) yield node;
  }
}
