import { register } from 'node:module';
import type { Breakage } from './guards.js';

/** Takes the guards out of the source that this process loads from now on. */
export function takeAway({ guards }: Breakage): void {
  const mutations = guards.flatMap(({ mutation }) => mutation ?? []);
  if (mutations.length > 0) register('./mutation-hooks.js', import.meta.url, { data: mutations });
}
