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

/** What a process keeps in memory from now on, looked at again and again: how much it is early and late, in MiB. */
export function watchCourse(pid) {
  const samples = [residentMib(pid)];
  const watch = setInterval(() => samples.push(residentMib(pid)), WATCH_MS);
  return {
    stop: () => {
      clearInterval(watch);
      const third = Math.ceil(samples.length / 3);
      return {
        beforeMib: samples[0],
        earlyMib: Math.max(...samples.slice(0, third)),
        lateMib: Math.max(...samples.slice(-third)),
        peakMib: Math.max(...samples),
      };
    },
  };
}
