import { appendFileSync } from 'node:fs';

/** One thing that was tried. */
export interface Attempt {
  /** What kind of thing: a row of the table. */
  readonly suite: string;
  readonly name: string;
  /** What came of it, in a word. */
  readonly outcome: string;
  /** True when it did what must not happen. */
  readonly gotThrough: boolean;
}

/** A line for the table of `npm run test:security`; nothing in other runs. */
export function report(attempt: Attempt): void {
  const file = process.env['EDEN_SECURITY_REPORT'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(attempt)}\n`);
}

/** `npm run test:security` asks for more of the same. */
export const isLongForm = process.env['EDEN_SECURITY_REPORT'] !== undefined;
