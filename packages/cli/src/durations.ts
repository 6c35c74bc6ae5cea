import { CommandError, EXIT } from './exit-codes.js';

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `30s`, `10m`, `1h`, `1h30m`; a number alone is seconds. In milliseconds. @throws CommandError (usage) */
export function parseDuration(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new CommandError(`"${text}" is not a duration`, 'Write it as 500ms, 30s, 10m or 1h30m.', EXIT.usage);
  }
  return parts.reduce((sum, [, number, unit = 's']) => sum + Number(number) * (UNITS_MS[unit] ?? 0), 0);
}

/** For people: `340 ms`, `2.1 s`, `4 min 12 s`, `3 h 5 min`. */
export function describeDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
