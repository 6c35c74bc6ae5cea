/** The calendar's time at which every simulation begins. */
const EPOCH = Date.UTC(2026, 0, 1);

/** The calendar's time after so many milliseconds of a simulation. */
export function calendarOf(ms: number): Date {
  return new Date(EPOCH + ms);
}
