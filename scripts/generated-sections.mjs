import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from './ensure-installed.mjs';

const SECTION = /(<!-- generated: ([^>]+?) -->)([^]*?)(<!-- end -->)/g;

/**
 * Holds the generated sections of a Markdown file to what they are made from: `contentOf` answers the text of a section
 * by its name, or null for one that is not its own. With `--write` on the command line the file is written, otherwise a difference is told.
 * Resolves to what is wrong, one line each.
 */
export async function holdSections(file, contentOf) {
  const path = join(ROOT, file);
  const now = readFileSync(path, 'utf8');
  const wanted = now.replace(SECTION, (section, start, name, _, end) => {
    const content = contentOf(name);
    return content === null ? section : `${start}\n\n${content}\n\n${end}`;
  });
  const text = await format(wanted, { ...(await resolveConfig(path)), filepath: path });
  if (text === now) return [];
  if (!process.argv.includes('--write')) return [`${file} has drifted: npm run docs:generate writes it anew`];
  writeFileSync(path, text);
  return [];
}

/** Ends the process's check: prints what is wrong. */
export function report(problems) {
  if (problems.length > 0) console.error(problems.join('\n'));
  process.exitCode = problems.length > 0 ? 1 : 0;
}
