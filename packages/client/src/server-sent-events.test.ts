import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { serverSentEvents, type ServerSentEvent } from './server-sent-events.js';

async function* cutInto(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.slice(start, start + size);
}

async function read(text: string, size = 1000): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of serverSentEvents(cutInto(new TextEncoder().encode(text), size))) events.push(event);
  return events;
}

describe('server-sent events', () => {
  it('are fields up to an empty line, whatever ends the lines', async () => {
    const expected = [
      { id: '1', type: 'queued', data: '{"a":1}' },
      { id: '2', type: '', data: 'x\ny' },
    ];
    const text = 'id: 1\nevent: queued\ndata: {"a":1}\n\nid:2\ndata: x\ndata:y\n\n';
    expect(await read(text)).toEqual(expected);
    expect(await read(text.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  it('pass over comments, and drop what the stream ends in the middle of', async () => {
    expect(await read(': still there\n\nid: 3\ndata: whole\n\nid: 4\ndata: half\n')).toEqual([
      { id: '3', type: '', data: 'whole' },
    ]);
  });

  it('are the same wherever the network has cut them', async () => {
    const text = 'id: 1\r\nevent: blöcked\r\ndata: {"note":"ä€𝄞"}\r\n\r\nid: 2\ndata: b\n\n';
    const whole = await read(text);
    expect(whole).toHaveLength(2);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), async (size) => {
        expect(await read(text, size)).toEqual(whole);
      }),
    );
  });
});
