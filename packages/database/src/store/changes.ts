type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The changes that were asked for: what is undefined stays as it is. */
export function present<T extends object>(changes: T): Present<T> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Present<T>;
}
