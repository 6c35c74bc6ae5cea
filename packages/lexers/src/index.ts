export { readPostgresToken, tokenizePostgres } from './postgres.js';
export type { TemplatedKind, Token, TokenKind } from './token.js';
