import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { MaintenanceWindow } from './maintenance-window.js';
import { isTimeZone, isWallTime, isWindowOpen, WEEKDAYS, windowOpensAt } from './maintenance-window.js';

const NIGHT = { start: '01:00', end: '05:00', timezone: 'Europe/Berlin' } as const;

function open(window: MaintenanceWindow, at: string): boolean {
  return isWindowOpen(window, new Date(at));
}

describe('a maintenance window', () => {
  it.each<[string, boolean, string]>([
    ['before it opens', false, '2026-11-26T23:59:59Z'],
    ['the moment it opens', true, '2026-11-27T00:00:00Z'],
    ['within', true, '2026-11-27T03:59:59Z'],
    ['the moment it closes', false, '2026-11-27T04:00:00Z'],
  ])('%s: %p', (_, expected, at) => {
    expect(open(NIGHT, at)).toBe(expected);
  });

  it.each<[string, boolean, string]>([
    ['on its evening', true, '2026-11-27T22:00:00Z'],
    ['behind midnight, on the morning after its day', true, '2026-11-28T03:00:00Z'],
    ['on the morning of its day', false, '2026-11-27T03:00:00Z'],
    ['on the evening after', false, '2026-11-28T22:00:00Z'],
  ])('of a Friday, over midnight, %s: %p', (_, expected, at) => {
    expect(open({ days: ['fri'], start: '22:00', end: '04:00', timezone: 'UTC' }, at)).toBe(expected);
  });

  it('goes by the wall when clocks are set: the same hour is another one in summer', () => {
    expect([open(NIGHT, '2026-07-01T23:30:00Z'), open(NIGHT, '2026-12-01T23:30:00Z')]).toEqual([true, false]);
  });

  it('is an hour shorter in the night in which clocks are set forward', () => {
    // Berlin, 29 March 2026: 02:00 is 03:00.
    expect(openMinutes(NIGHT, '2026-03-28T22:00:00Z', '2026-03-29T10:00:00Z')).toBe(180);
    expect(openMinutes(NIGHT, '2026-03-29T22:00:00Z', '2026-03-30T10:00:00Z')).toBe(240);
  });

  it('is an hour longer in the night in which they are set back', () => {
    // Berlin, 25 October 2026: 03:00 is 02:00.
    expect(openMinutes(NIGHT, '2026-10-24T20:00:00Z', '2026-10-25T10:00:00Z')).toBe(300);
  });

  it('that lies in the hour that is left out opens on the next day', () => {
    const window = { start: '02:15', end: '02:45', timezone: 'Europe/Berlin' };
    expect(windowOpensAt(window, new Date('2026-03-28T12:00:00Z'))).toEqual(new Date('2026-03-30T00:15:00Z'));
  });

  it('that begins in the hour that is left out opens when the clocks are set', () => {
    const window = { start: '02:30', end: '04:00', timezone: 'Europe/Berlin' };
    expect(windowOpensAt(window, new Date('2026-03-28T12:00:00Z'))).toEqual(new Date('2026-03-29T01:00:00Z'));
  });

  it('in a zone that sets its clocks by half an hour', () => {
    // Lord Howe, 4 October 2026: 02:00 is 02:30.
    const window = { start: '02:10', end: '03:00', timezone: 'Australia/Lord_Howe' };
    expect(windowOpensAt(window, new Date('2026-10-03T12:00:00Z'))).toEqual(new Date('2026-10-03T15:30:00Z'));
  });

  it('keeps nothing of the thousands of ways in which a zone can be written', () => {
    const written = Array.from({ length: 2_000 }, (_, way) =>
      [...'europe/berlin'].map((letter, at) => ((way >> at) & 1 ? letter.toUpperCase() : letter)).join(''),
    );
    expect(written.every(isTimeZone)).toBe(true);
    const made = jest.spyOn(Intl, 'DateTimeFormat');
    try {
      expect(isTimeZone(written[0] ?? '')).toBe(true);
      expect(made).toHaveBeenCalledTimes(1);
    } finally {
      made.mockRestore();
    }
  });

  it('knows times and zones', () => {
    expect(['00:00', '23:59', '24:00', '1:00', '01:60', '01:00 '].map(isWallTime)).toEqual([
      ...[true, true, false, false, false, false],
    ]);
    expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false]);
  });
});

describe('the moment at which a window opens', () => {
  const time = fc.integer({ min: 0, max: 1_439 }).map((at) => new Date(at * 60_000).toISOString().slice(11, 16));
  const windows = fc
    .record({
      days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
      start: time,
      end: time,
      timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
    })
    .filter(({ start, end }) => start !== end);
  // Around the days on which clocks are set, in either half of the earth.
  const moments = fc
    .tuple(
      fc.constantFrom('2026-03-06', '2026-03-27', '2026-04-03', '2026-10-02', '2026-10-23', '2026-10-30', '2026-06-01'),
      fc.integer({ min: 0, max: 3 * 86_400_000 }),
    )
    .map(([day, more]) => new Date(Date.parse(`${day}T00:00:00Z`) + more));

  it('is open, and a moment before it was not', () => {
    fc.assert(
      fc.property(windows, moments, (window, now) => {
        const opens = windowOpensAt(window, now);
        if (opens === null) throw new Error('it never opens');
        expect(isWindowOpen(window, opens)).toBe(true);
        if (opens > now) expect(isWindowOpen(window, new Date(opens.getTime() - 1))).toBe(false);
        // Nothing in between was passed over.
        for (let at = now.getTime(); at < opens.getTime(); at += 7 * 60_000) {
          if (isWindowOpen(window, new Date(at))) throw new Error(`open at ${new Date(at).toISOString()} already`);
        }
      }),
      { numRuns: 60 },
    );
  });
});

function openMinutes(window: MaintenanceWindow, from: string, to: string): number {
  let minutes = 0;
  for (let at = Date.parse(from); at < Date.parse(to); at += 60_000) {
    if (isWindowOpen(window, new Date(at))) minutes += 1;
  }
  return minutes;
}
