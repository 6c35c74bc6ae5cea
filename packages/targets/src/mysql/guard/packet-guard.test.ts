import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AnswerLimits } from '../../answer-limits.js';
import { PacketGuard } from './packet-guard.js';

const OK = [0x00, 0, 0, 2, 0, 0, 0];
const END = [0xfe, 0, 0, 2, 0];
const MORE = [0xfe, 0, 0, 0x0a, 0];
const DEFINITION = [3, 0x64, 0x65, 0x66];

/** Packets of one answer, numbered from 1 on. */
function packets(...payloads: readonly (readonly number[] | Buffer)[]): Buffer {
  return Buffer.concat(
    payloads.map((payload, at) => {
      const header = Buffer.alloc(4);
      header.writeUIntLE(payload.length, 0, 3);
      header.writeUInt8((at + 1) & 0xff, 3);
      return Buffer.concat([header, Buffer.from(payload)]);
    }),
  );
}

function newGuard(maxBytes = 1000, maxRows = 3) {
  const seen: Buffer[] = [];
  const limits = new AnswerLimits({ maxBytes, maxRows });
  const guard = new PacketGuard({ execute: (chunk) => seen.push(Buffer.from(chunk)) }, limits);
  guard.ready();
  return { guard, limits, seen: () => Buffer.concat(seen) };
}

const ANSWER = packets([1], DEFINITION, END, [1, 0x31], [1, 0x32], END);

describe('the guard before the driver’s parser', () => {
  it('hands over an answer as it came, however the network has cut it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(ANSWER.length), { maxLength: 8 }), (cuts) => {
        const { guard, seen } = newGuard();
        guard.asked(false);
        const edges = [0, ...cuts.sort((a, b) => a - b), ANSWER.length];
        edges.slice(1).forEach((edge, at) => guard.execute(ANSWER.subarray(edges[at], edge)));
        expect(seen()).toEqual(ANSWER);
        expect(guard.rows).toBe(2);
      }),
    );
  });

  it('drops rows that nobody wants unread, and counts them, whatever their size and number', () => {
    const { guard, seen } = newGuard();
    guard.asked(true);
    const rows = Array.from({ length: 300 }, () => Buffer.alloc(2000, 0x20));
    guard.execute(packets([1], DEFINITION, END, ...rows, END));
    expect(guard.rows).toBe(300);
    // The driver counts the packets that it gets.
    expect(seen()).toEqual(packets([1], DEFINITION, END, END));
  });

  it('takes the further results of a procedure', () => {
    const { guard } = newGuard();
    guard.asked(false);
    guard.execute(packets([1], DEFINITION, END, [1, 0x31], MORE, OK));
    expect(() => guard.execute(packets(OK))).toThrow('it talks without being asked');
  });

  it.each([
    ['more rows than allowed', packets([1], DEFINITION, END, [1, 1], [1, 1], [1, 1], [1, 1]), 'MAX_RESULT_ROWS'],
    ['more bytes than allowed', packets([1], DEFINITION, END, Buffer.alloc(999)), 'MAX_RESULT_BYTES'],
    ['a request for a file of this machine', packets([0xfb, 0x2f, 0x65]), 'a file of this machine'],
    ['packets out of order', Buffer.from([7, 0, 0, 2, ...OK]), 'packets out of order'],
    ['an error without a number', packets([0xff]), 'a packet is cut off'],
    ['an OK that is cut off', packets([0]), 'a packet is cut off'],
    ['no columns', packets([0xfc, 0, 0]), 'an answer without columns'],
    ['an empty packet', packets([]), 'a packet is empty'],
    ['rows without an end of their description', packets([1], DEFINITION, [1, 0x31]), 'without an end'],
    [
      'a definition that never ends',
      Buffer.concat([packets([1]), Buffer.from([0, 0, 2, 2, 3])]),
      'too long for its kind',
    ],
  ])('refuses %s', (_, answer, reason) => {
    const { guard } = newGuard();
    guard.asked(false);
    expect(() => guard.execute(answer)).toThrow(reason);
  });

  it('refuses a large answer when its size is told, before it has come', () => {
    const { guard, seen } = newGuard();
    guard.asked(false);
    guard.execute(packets([1], DEFINITION, END));
    const before = seen().length;
    expect(() => guard.execute(Buffer.from([0xff, 0xff, 0x0f, 4, 0x20]))).toThrow('MAX_RESULT_BYTES');
    expect(seen()).toHaveLength(before);
  });

  it('refuses what comes unasked, and an opening that never ends', () => {
    const { guard } = newGuard();
    expect(() => guard.execute(packets(OK))).toThrow('it talks without being asked');
    const opening = new PacketGuard({ execute: () => undefined }, new AnswerLimits({ maxBytes: 1000, maxRows: 3 }));
    expect(() => opening.execute(packets(Buffer.alloc(70_000, 1)))).toThrow('the session is never ready');
  });

  it('has a budget with all others, and gives back what it took', () => {
    const { guard, limits } = newGuard(1000, 1000);
    for (let at = 0; at < 100; at += 1) {
      guard.asked(false);
      guard.execute(packets([1], DEFINITION, END, Buffer.alloc(500, 0x20), END));
    }
    expect(limits.take(16_000)).toBe(true);
    guard.asked(false);
    expect(() => guard.execute(packets([1], DEFINITION, END))).toThrow('too many large answers at once');
  });
});
