/* A field for a moment shows the reader's own zone, and addresses hold UTC, as others read them. */

const MINUTE_MS = 60_000;
/** `2026-11-27T10:30` */
const TO_MINUTES = 16;

/** For a field of the type datetime-local. What is no time is left to the service, which says so. */
export function localOf(utc: string | undefined): string {
  const at = utc === undefined ? Number.NaN : Date.parse(utc);
  if (Number.isNaN(at)) return '';
  return new Date(at - new Date(at).getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, TO_MINUTES);
}

export function utcOf(local: string): string {
  return local === '' ? '' : new Date(local).toISOString();
}
