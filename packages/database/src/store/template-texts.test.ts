import { expect, it } from '@jest/globals';
import type { Scope } from '../scope.js';
import { divideContent, wholeContent } from './template-texts.js';

it('a text that an earlier version has put in the place of a long one counts, and not the pieces that it has left', async () => {
  const long = { query: '-- long\n'.repeat(300_000), syntax: 'sql' as const };
  const { pieces, contentUuid, pieceCount, body, settings } = divideContent({ body: long, settings: {} });
  const findFirst = ({ where }: { where: { number: number } }) => Promise.resolve(pieces[where.number]);
  const scope = { db: { templatePiece: { findFirst } } } as unknown as Scope;
  const ref = { contentUuid, pieceCount };
  expect(await wholeContent(scope, { body, settings }, ref)).toEqual({ body: long, settings });
  const short = { body: { query: 'SELECT 2', syntax: 'sql' as const }, settings };
  expect(await wholeContent(scope, short, ref)).toEqual(short);
});
