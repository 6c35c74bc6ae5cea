import type { InitializeHook, LoadHook } from 'node:module';
import type { Mutation } from './guard.js';

let mutations: readonly Mutation[] = [];

export const initialize: InitializeHook<readonly Mutation[]> = (wanted) => {
  mutations = wanted;
};

export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  const wanted = mutations.filter(({ file }) => url.endsWith(`/packages/${file}`));
  if (wanted.length === 0) return loaded;
  return { ...loaded, source: wanted.reduce(mutated, String(loaded.source)) };
};

/** @throws Error when the text to be changed is not there exactly once: the guard has moved */
function mutated(source: string, { from, to, file }: Mutation): string {
  if (source.split(from).length !== 2) throw new Error(`${file} does not have exactly one "${from}"`);
  return source.replace(from, () => to);
}
