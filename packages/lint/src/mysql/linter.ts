import { readMysqlToken } from '@eden/lexers';
import { TextLinter } from '../text-linter.js';
import { madeBy } from './made.js';
import { MYSQL_RULES } from './rules/index.js';
import type { MysqlStatement } from './statement.js';

/** For a text of MariaDB's SQL, of which every statement is shown to it as its lexer has cut it. */
export function mysqlLinter(text: string): TextLinter<MysqlStatement> {
  return new TextLinter(text, { rules: MYSQL_RULES, madeBy, readToken: readMysqlToken });
}
