import { readPostgresToken } from '@eden/lexers';
import type { Node } from 'libpg-query';
import { TextLinter } from '../text-linter.js';
import { madeBy } from './made.js';
import { NoNulls } from './no-nulls.js';
import { POSTGRES_RULES } from './rules/index.js';

/** For a text of PostgreSQL's SQL, of which every statement is shown to it with its parse tree. */
export function postgresLinter(text: string): TextLinter<Node> {
  const noNulls = new NoNulls();
  return new TextLinter<Node>(text, {
    rules: POSTGRES_RULES,
    madeBy: (node) => [...madeBy(node), ...noNulls.shownBy(node)],
    readToken: readPostgresToken,
  });
}
