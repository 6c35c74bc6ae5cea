import type { TemplateBody, TemplateSettings } from '@eden/domain';
import type { Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { LONGEST_PIECE, piecesOfText } from './pieces.js';

/** What a template says and does. */
export interface TemplateContent {
  readonly body: TemplateBody;
  readonly settings: TemplateSettings;
}

/** Where the rest of long texts is. */
export interface ContentRef {
  readonly contentUuid: string | null;
  readonly pieceCount: number;
}

type Place = 'template' | 'rollback';

/** A long text that stands in pieces of its own. */
interface LongText {
  readonly place: Place;
  readonly text: string;
}

/** A content as its row holds it, and what does not fit into that. */
export interface DividedContent extends TemplateContent, ContentRef {
  readonly pieces: readonly { readonly place: Place; readonly text: string }[];
}

/** Of a long text the row, and so every list, shows the beginning. In UTF-16 units. */
const SHOWN = 64 * 1024;

/** No text as it is may begin so: a process of an earlier version, which knows of no pieces, refuses to run it. */
const MARK = '\\… This text is longer: here is its beginning.\n';

export function divideContent({ body, settings }: TemplateContent): DividedContent {
  const { rollback } = settings;
  const long = [...longTextsOf('template', body), ...(rollback === undefined ? [] : longTextsOf('rollback', rollback))];
  const pieces = long.flatMap(({ place, text }) => [...piecesOfText(text)].map((piece) => ({ place, text: piece })));
  return {
    body: shortened(body),
    settings: rollback === undefined ? settings : { ...settings, rollback: shortened(rollback) },
    contentUuid: pieces.length === 0 ? null : newUuid(),
    pieceCount: pieces.length,
    pieces,
  };
}

/** Only a single text comes as a part of an upload; the JSON of a body is short. */
function longTextsOf(place: Place, body: TemplateBody): readonly LongText[] {
  return 'query' in body && body.query.length > LONGEST_PIECE ? [{ place, text: body.query }] : [];
}

function shortened(body: TemplateBody): TemplateBody {
  return longTextsOf('template', body).length > 0 && 'query' in body
    ? { ...body, query: `${MARK}${body.query.slice(0, SHOWN)}…` }
    : body;
}

export async function insertPieces(
  { db, organizationUuid }: Scope,
  templateUuid: string,
  { contentUuid, pieces }: DividedContent,
): Promise<void> {
  if (contentUuid === null) return;
  for (const [number, piece] of pieces.entries()) {
    await db.templatePiece.create({
      data: { organizationUuid, templateUuid, contentUuid, number, ...piece },
      select: { number: true },
    });
  }
}

export async function replacePieces(scope: Scope, templateUuid: string, divided: DividedContent): Promise<void> {
  await scope.db.templatePiece.deleteMany({ where: { templateUuid } });
  await insertPieces(scope, templateUuid, divided);
}

/** Null where the content has been replaced meanwhile: then the row names another. */
export async function wholeContent(
  { db }: Scope,
  { body, settings }: TemplateContent,
  { contentUuid, pieceCount }: ContentRef,
): Promise<TemplateContent | null> {
  if (contentUuid === null) return { body, settings };
  const texts: Record<Place, string[]> = { template: [], rollback: [] };
  for (let number = 0; number < pieceCount; number += 1) {
    const piece = await db.templatePiece.findFirst({
      where: { contentUuid, number },
      select: { place: true, text: true },
    });
    if (piece === null) return null;
    texts[piece.place as Place].push(piece.text);
  }
  const { rollback } = settings;
  return {
    body: withText(body, texts.template),
    settings: rollback === undefined ? settings : { ...settings, rollback: withText(rollback, texts.rollback) },
  };
}

/** A text without the mark has come from a process of an earlier version, which has left the pieces of the one before it. */
function withText(body: TemplateBody, pieces: readonly string[]): TemplateBody {
  const isShortened = 'query' in body && body.query.startsWith(MARK);
  return isShortened && pieces.length > 0 ? { ...body, query: pieces.join('') } : body;
}
