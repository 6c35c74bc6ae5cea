import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A request as the guide prints it. */
export interface GuideRequest {
  /** The heading above it. */
  readonly heading: string;
  readonly method: string;
  /** As printed, with `/api/v1`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The `**Response:**` block below it, where the guide prints one. */
  readonly response: unknown;
}

/** A fenced block with the heading above it and the last line of prose before it. */
interface Block {
  readonly heading: string;
  readonly language: string;
  readonly text: string;
  readonly before: string;
}

const GUIDE = readFileSync(join(import.meta.dirname, 'guide.md'), 'utf8');

/** Every ```http block in the order of the guide. */
export function guideRequests(): readonly GuideRequest[] {
  const blocks = readBlocks(GUIDE);
  return blocks.flatMap((block, index) => {
    if (block.language !== 'http') return [];
    const next = blocks[index + 1];
    const response = next?.before === '**Response:**' ? parseJson(next.text) : undefined;
    return [{ ...parseRequest(block), response }];
  });
}

/** The JSON block that stands alone below a heading (a body without its request, or an error body). */
export function guideJson(heading: string, before?: string): unknown {
  const found = readBlocks(GUIDE).find(
    (block) => block.language === 'json' && block.heading === heading && (before === undefined || block.before === before),
  );
  if (found === undefined) throw new Error(`The guide has no JSON below "${heading}"`);
  return parseJson(found.text);
}

function parseRequest({ heading, text }: Block): Omit<GuideRequest, 'response'> {
  const [head = '', ...rest] = text.split('\n\n');
  const [line = '', ...fields] = head.split('\n');
  const [method = '', path = ''] = line.split(' ');
  const headers = Object.fromEntries(fields.map((field) => field.split(': ', 2) as [string, string]));
  const body = rest.join('\n\n').trim();
  return { heading, method, path, headers, body: body === '' ? undefined : parseJson(body) };
}

/** The guide leaves lists out as `[...]`. */
function parseJson(text: string): unknown {
  return JSON.parse(text.replaceAll('[...]', '[]'));
}

function readBlocks(guide: string): readonly Block[] {
  const blocks: Block[] = [];
  let heading = '';
  let before = '';
  let open: { language: string; lines: string[] } | null = null;
  for (const line of guide.split('\n').map((text) => text.trimEnd())) {
    if (open !== null && line === '```') {
      blocks.push({ heading, before, language: open.language, text: open.lines.join('\n').trim() });
      open = null;
    } else if (open !== null) open.lines.push(line);
    else if (line.startsWith('```')) open = { language: line.slice(3), lines: [] };
    else if (line.startsWith('#')) heading = line.replace(/^#+ /, '');
    else if (line !== '') before = line;
  }
  return blocks;
}
