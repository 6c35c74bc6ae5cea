import { readFileSync } from 'node:fs';

const WATCH_MS = 250;

/** What a process keeps in memory now, in MiB. Linux only, as everything that reads /proc. */
export function residentMib(pid) {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kib) / 1024);
}

/** The most that a process keeps in memory until `stop`, in MiB. */
export function watchPeak(pid) {
  let peakMib = residentMib(pid);
  const watch = setInterval(() => (peakMib = Math.max(peakMib, residentMib(pid))), WATCH_MS);
  return {
    stop: () => {
      clearInterval(watch);
      return peakMib;
    },
  };
}
