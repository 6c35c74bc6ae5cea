import { readPostgresToken } from '@eden/lexers';
import type { Node } from 'libpg-query';
import { TextLinter } from '../text-linter.js';
import { madeBy } from './made.js';
import { POSTGRES_RULES } from './rules/index.js';

/** For a text of PostgreSQL's SQL, of which every statement is shown to it with its parse tree. */
export function postgresLinter(text: string): TextLinter<Node> {
  return new TextLinter(text, { rules: POSTGRES_RULES, madeBy, readToken: readPostgresToken });
}
