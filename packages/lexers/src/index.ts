export {
  isHeaderName,
  isHeaderValue,
  isRequestTarget,
  isSendersHeader,
  NoHttpMessage,
  quoteInside,
  quotePart,
  readHttpMessage,
  writeHttpMessage,
} from './http.js';
export type { HttpHeader, HttpMessage } from './http.js';
export { leavesValue, readJson } from './json.js';
export type { JsonPlace } from './json.js';
export { quoteMysqlIdentifier, quoteMysqlString, readMysqlToken, tokenizeMysql, unquoteMysql } from './mysql.js';
export { readPostgresToken, tokenizePostgres } from './postgres.js';
export type { TemplatedKind, Token, TokenKind } from './token.js';
