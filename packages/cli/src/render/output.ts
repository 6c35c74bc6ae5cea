import { stringify } from 'yaml';
import type { Terminal } from '../terminal.js';
import { renderTable } from './table.js';

export const FORMATS = ['table', 'json', 'yaml', 'name'] as const;
export type Format = (typeof FORMATS)[number];

/** Where data goes, and in which form. */
export interface Printing {
  readonly terminal: Terminal;
  readonly format: Format;
}

/** How data looks to people and to shells; what programs read is the data itself. */
export interface Forms {
  /** As kubectl says it, one a line: `migration/shop`. */
  readonly name: string | readonly string[];
  readonly table: () => void;
}

/** Prints data in the form that was asked for. */
export function print({ terminal, format }: Printing, data: unknown, { name, table }: Forms): void {
  switch (format) {
    case 'json':
      return terminal.data(JSON.stringify(data, null, 2));
    case 'yaml':
      return terminal.data(stringify(data));
    case 'name':
      return [name].flat().forEach((each) => terminal.data(each));
    case 'table':
      return table();
  }
}

/** Prints one of several that come one after the other: a line of JSON each, or a document of YAML. */
export function printNext(printing: Printing, item: unknown, forms: Forms): void {
  const { terminal, format } = printing;
  if (format === 'json') return terminal.data(JSON.stringify(item));
  if (format === 'yaml') return terminal.data(`---\n${stringify(item)}`);
  print(printing, item, forms);
}

/** How things of one kind look as a table, and what they are called. */
export interface View<Item> {
  readonly columns: readonly (readonly [head: string, cell: (item: Item) => unknown])[];
  readonly name: (item: Item) => string;
}

/** A list is printed as a list, one thing as one. */
export function printItems<Item>(printing: Printing, items: Item | readonly Item[], view: View<Item>): void {
  const list = (Array.isArray(items) ? items : [items]) as readonly Item[];
  print(printing, items, { name: list.map(view.name), table: () => showTable(printing.terminal, list, view) });
}

export function showTable<Item>(terminal: Terminal, list: readonly Item[], { columns }: View<Item>): void {
  if (list.length === 0) return terminal.say('There are none.');
  const head = columns.map(([name]) => name);
  const rows = list.map((item) => columns.map(([, cell]) => cell(item)));
  terminal.data(renderTable(head, rows));
}
