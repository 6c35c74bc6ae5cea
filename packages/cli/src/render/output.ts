import { stringify } from 'yaml';
import { CommandError, EXIT } from '../exit-codes.js';
import { closest } from '../similar.js';
import type { Terminal } from '../terminal.js';
import { renderTable } from './table.js';

export const FORMATS = ['table', 'json', 'yaml', 'name'] as const;
export type Format = (typeof FORMATS)[number];

/** @throws CommandError (usage) when this command has no such form */
export function checkFormat<Known extends string>(text: string | undefined, known: readonly Known[]): Known {
  const format = text ?? known[0];
  if ((known as readonly (string | undefined)[]).includes(format)) return format as Known;
  const meant = closest(text ?? '', known);
  const next = `Take one of ${known.join(', ')}${meant === null ? '' : `; did you mean ${meant}?`}`;
  throw new CommandError(`There is no output "${text ?? ''}" here`, next, EXIT.usage);
}

/** How things of one kind look as a table, and what they are called. */
export interface View<Item> {
  readonly columns: readonly (readonly [head: string, cell: (item: Item) => unknown])[];
  /** As kubectl says it: `migration/shop`. */
  readonly name: (item: Item) => string;
}

/** Prints data in the form that was asked for: a list as a list, one thing as one. */
export function printItems<Item>(
  terminal: Terminal,
  format: Format,
  items: Item | readonly Item[],
  view: View<Item>,
): void {
  const list = (Array.isArray(items) ? items : [items]) as readonly Item[];
  switch (format) {
    case 'json':
      return terminal.data(JSON.stringify(items, null, 2));
    case 'yaml':
      return terminal.data(stringify(items));
    case 'name':
      return list.forEach((item) => terminal.data(view.name(item)));
    case 'table': {
      if (list.length === 0) return terminal.say('There are none.');
      const head = view.columns.map(([name]) => name);
      return terminal.data(
        renderTable(
          head,
          list.map((item) => view.columns.map(([, cell]) => cell(item))),
        ),
      );
    }
  }
}
