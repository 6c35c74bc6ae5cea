/** In the order of `Date.getUTCDay`. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
type Weekday = (typeof WEEKDAYS)[number];

/**
 * When a migration may work, by the clock on the wall of its time zone: from `start` to before `end`, which may lie on the
 * next day. `days` are those on which it opens; absent: all. Where clocks are set forward over a window, it does not open on
 * that day; where they are set back over it, it is open for as long as they show a time within it.
 */
export interface MaintenanceWindow {
  readonly days?: readonly Weekday[];
  /** `HH:MM` */
  readonly start: string;
  readonly end: string;
  /** IANA name. */
  readonly timezone: string;
}

/** What a clock on the wall shows. */
interface WallTime {
  /** 0: Sunday. */
  readonly weekday: number;
  /** Since midnight. */
  readonly minutes: number;
  /** As if the zone were UTC. */
  readonly asUtcMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const WALL_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** A window of a week with one day is at most so far away; clocks that are set may close it once more. */
const LONGEST_LOOK = 64;

export function isWallTime(text: string): boolean {
  return WALL_TIME.test(text);
}

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

export function isWindowOpen(window: MaintenanceWindow, now: Date): boolean {
  const { weekday, minutes } = wallTime(window, now.getTime());
  const [start, end] = [minutesOf(window.start), minutesOf(window.end)];
  if (start < end) return minutes >= start && minutes < end && opensOn(window, weekday);
  const isEvening = minutes >= start && opensOn(window, weekday);
  return isEvening || (minutes < end && opensOn(window, weekday + WEEKDAYS.length - 1));
}

/** The first moment from now on at which it is open; null where it never is (a time that clocks always leave out). */
export function windowOpensAt(window: MaintenanceWindow, now: Date): Date | null {
  let at = now.getTime();
  for (let look = 0; look < LONGEST_LOOK; look += 1) {
    if (isWindowOpen(window, new Date(at))) return new Date(at);
    const next = at + untilStartMs(window, at);
    // Between two settings of the clocks, the wall goes as fast as time.
    at = offsetAt(window, next) === offsetAt(window, at) ? next : firstOtherOffset(window, at, next);
  }
  return null;
}

function opensOn({ days }: MaintenanceWindow, weekday: number): boolean {
  const day = WEEKDAYS[weekday % WEEKDAYS.length];
  return days === undefined || (day !== undefined && days.includes(day));
}

/** To the next start on a day on which it opens, on the wall: always ahead. */
function untilStartMs(window: MaintenanceWindow, at: number): number {
  const { weekday, minutes, asUtcMs } = wallTime(window, at);
  const days = Array.from({ length: WEEKDAYS.length + 1 }, (_, ahead) => ahead);
  const start = minutesOf(window.start);
  const isAhead = (ahead: number): boolean => ahead > 0 || start > minutes;
  const ahead = days.find((each) => isAhead(each) && opensOn(window, weekday + each)) ?? WEEKDAYS.length;
  return (ahead * DAY_MINUTES + start - minutes) * MINUTE_MS - mod(asUtcMs, MINUTE_MS);
}

function firstOtherOffset(window: MaintenanceWindow, from: number, to: number): number {
  const before = offsetAt(window, from);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(window, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

function offsetAt(window: MaintenanceWindow, at: number): number {
  return wallTime(window, at).asUtcMs - at;
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** By their names as they were given: of one zone there are thousands, in small letters and capitals. */
const formats = new Map<string, Intl.DateTimeFormat>();
const MOST_FORMATS = 1_000;

/** @throws RangeError for a zone that nobody knows */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...fields, second: 'numeric' });
  if (formats.size >= MOST_FORMATS) formats.clear();
  formats.set(timeZone, format);
  return format;
}

function wallTime({ timezone }: MaintenanceWindow, at: number): WallTime {
  const parts = formatOf(timezone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((each) => each.type === type)?.value);
  const [hour, minute] = [part('hour'), part('minute')];
  const asUtcMs = Date.UTC(part('year'), part('month') - 1, part('day'), hour, minute, part('second'), mod(at, 1_000));
  return { weekday: new Date(asUtcMs).getUTCDay(), minutes: hour * 60 + minute, asUtcMs };
}
