import { useEffect, useState } from 'react';
import { TEXTS } from '../texts.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const SHORT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** In the reader's own zone; UTC, as the service says it, when pointed at. */
export function Moment({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={utc(at)}>
      {SHORT.format(new Date(at))}
    </time>
  );
}

/** How long ago, as it grows. */
export function Age({ at }: { readonly at: string }) {
  const now = useNow(MINUTE / 4);
  const ms = now - Date.parse(at);
  return (
    <time dateTime={at} title={`${SHORT.format(new Date(at))} · ${utc(at)}`}>
      {ms < MINUTE / 4 ? TEXTS.time.now : TEXTS.time.ago(roughly(ms))}
    </time>
  );
}

/** The time now, looked at again every so often. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

function utc(at: string): string {
  return `${at.replace('T', ' ').replace(/\.\d+Z$|Z$/, '')} UTC`;
}

/** 850 ms, 4.2 s, 3 min 05 s, 2 h 10 min. */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${pad((ms % MINUTE) / SECOND)} s`;
  return `${Math.floor(ms / HOUR)} h ${pad((ms % HOUR) / MINUTE)} min`;
}

function pad(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

function roughly(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  return ms < DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} d`;
}
