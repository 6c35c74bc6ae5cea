import { widthOf } from '../terminal.js';

const GAP = '  ';
const CONTROL = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;

/** Rows in columns as wide as their widest cell. Cells are one line each; numbers stand to the right. */
export function renderTable(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const texts = rows.map((row) => row.map(oneLine));
  const all = [head, ...texts];
  const widths = head.map((_, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))));
  const isNumber = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, isNumber[column] === true))
      .join(GAP)
      .trimEnd();
  return all.map(line).join('\n');
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
}

function oneLine(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.replace(/\s+/g, ' ').replace(CONTROL, '\ufffd');
}

/** What comes from elsewhere (a database's message, an id) may not command the terminal. */
export function printable(text: string): string {
  return text.replace(CONTROL, '\ufffd').replaceAll('\u001b', '\ufffd');
}
