import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameReader } from './frame-reader.js';

const DROPPED = 'x'.charCodeAt(0);

/** A reader that drops frames with the code x, and what it has taken. */
function reader(): { push: (chunk: Buffer) => void; taken: Buffer[] } {
  const taken: Buffer[] = [];
  const frames = new FrameReader({
    admit: (code) => (code === DROPPED ? 'drop' : 'keep'),
    take: (frame) => taken.push(Buffer.from(frame)),
  });
  return { push: (chunk) => frames.push(chunk), taken };
}

function frame(code: string, body: Uint8Array): Buffer {
  const header = Buffer.alloc(5);
  header.write(code, 'latin1');
  header.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

const anyFrame = fc
  .tuple(fc.constantFrom('D', 'x', 'Z'), fc.uint8Array({ maxLength: 40 }))
  .map(([code, body]) => frame(code, body));

describe('the reader of frames', () => {
  it('finds the same frames however they are cut, and passes over those to drop', () => {
    fc.assert(
      fc.property(fc.array(anyFrame), fc.infiniteStream(fc.integer({ min: 1, max: 30 })), (frames, sizes) => {
        const { push, taken } = reader();
        let rest = Buffer.concat(frames);
        while (rest.length > 0) {
          const size = sizes.next().value as number;
          push(rest.subarray(0, size));
          rest = rest.subarray(size);
        }
        expect(taken).toEqual(frames.filter(([code]) => code !== DROPPED));
      }),
    );
  });

  it.each([0, 3, 0x8000_0000, 0xffff_ffff])('refuses the length %i', (length) => {
    const header = Buffer.from('D0000');
    header.writeUInt32BE(length, 1);
    expect(() => reader().push(header)).toThrow('impossible length');
  });

  it('looks at nothing behind the frame at which it was stopped', () => {
    let taken = 0;
    const frames = new FrameReader({
      admit: () => 'keep',
      take: () => {
        taken += 1;
        frames.stop();
      },
    });
    frames.push(Buffer.concat([frame('D', Buffer.alloc(1)), frame('D', Buffer.alloc(1))]));
    expect(taken).toBe(1);
  });
});
