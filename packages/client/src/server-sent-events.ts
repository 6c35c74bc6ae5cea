/** One event of a stream, as far as this API sends it. */
export interface ServerSentEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** CR LF, LF or CR; a CR at the end may be half of a CR LF that is still on its way. */
const LINE_END = /\r\n|\n|\r(?!$)/;

/**
 * Reads `text/event-stream` as the HTML standard says (section "Interpreting an event stream"). Comments are passed
 * over, and an event that the stream ends in the middle of is dropped. (The package eventsource-parser cannot be used:
 * its export condition `source` is the name of ours, and leads to sources that TypeScript and Jest would then read.)
 */
export async function* serverSentEvents(stream: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  let fields: string[] = [];
  for await (const line of linesOf(stream)) {
    if (line !== '') fields.push(line);
    else {
      const event = eventOf(fields);
      if (event !== null) yield event;
      fields = [];
    }
  }
}

/** The chunks of a body. (Not every browser can iterate over a stream.) */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}

async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(LINE_END);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function eventOf(lines: readonly string[]): ServerSentEvent | null {
  const fields = lines.map(fieldOf);
  const data = fields.filter(({ name }) => name === 'data').map(({ value }) => value);
  const last = (wanted: string): string => fields.findLast(({ name }) => name === wanted)?.value ?? '';
  return data.length === 0 ? null : { id: last('id'), type: last('event'), data: data.join('\n') };
}

function fieldOf(line: string): { name: string; value: string } {
  const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
  return { name, value };
}
