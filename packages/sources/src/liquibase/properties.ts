import { isForUs, type FormattedSql } from './changesets.js';

/**
 * The values of placeholders that files give, read in their order: a property counts from its file on, and the first of its
 * name wins. One with `global:false` counts in its own file, where no global one has its name, and the last of its name wins.
 */
export class Properties {
  private readonly global = new Map<string, string>();

  /** Those of the next file. */
  next({ properties }: FormattedSql): Readonly<Record<string, string>> {
    const local = new Map<string, string>();
    for (const { name, value = '', global = 'true' } of properties.filter(isForUs)) {
      if (name === undefined) continue;
      if (global.toLowerCase() !== 'true') local.set(name, value);
      else if (!this.global.has(name)) this.global.set(name, value);
    }
    return Object.fromEntries([...local, ...this.global]);
  }
}
