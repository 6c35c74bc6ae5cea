import type { InitializeHook, LoadHook } from 'node:module';
import type { Mutation } from './guards.js';

let mutation: Mutation | undefined;

export const initialize: InitializeHook<Mutation | undefined> = (wanted) => {
  mutation = wanted;
};

/** @throws Error when the text to be changed is not there exactly once: the guard has moved */
export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  if (mutation === undefined || !url.endsWith(`/packages/${mutation.file}`)) return loaded;
  const source = String(loaded.source);
  const { from, to, file } = mutation;
  if (source.split(from).length !== 2) throw new Error(`${file} does not have exactly one "${from}"`);
  return { ...loaded, source: source.replace(from, () => to) };
};
