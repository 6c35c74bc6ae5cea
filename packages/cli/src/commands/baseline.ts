import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { parseDocument } from 'yaml';
import { withExamples } from '../examples.js';
import { loadFile } from '../file/load-file.js';
import { report } from '../report.js';
import type { Call, Shell } from '../shell.js';
import { findSource } from '../sources/find-source.js';

interface BaselineFlags {
  readonly to: string;
  readonly file: string;
}

export function addBaseline(program: Command, shell: Shell): void {
  const command = program
    .command('baseline')
    .argument('<source>', 'the source of eden.yaml')
    .description(
      'mark what a database has already as applied, up to a version; eden.yaml keeps it, the next "eden apply" writes the history',
    )
    .requiredOption('--to <version>', 'the last version that it has')
    .option('-f, --file <file>', 'the file to change', 'eden.yaml')
    .action(shell.action<BaselineFlags>(setBaseline));
  withExamples(command, [['eden baseline users --to 20250101000000', 'for a database that has tables and no history']]);
}

/** Only this one value changes: comments and order of the file stay. */
async function setBaseline(call: Call<BaselineFlags>, name?: string): Promise<void> {
  const { options, surroundings } = call;
  const loaded = await loadFile({ file: options.file, environment: undefined, cwd: surroundings.cwd });
  const index = loaded.content.sources.indexOf(findSource(loaded, name as string));
  const path = resolve(surroundings.cwd, options.file);
  const document = parseDocument(await readFile(path, 'utf8'));
  document.setIn(['sources', index, 'options', 'baseline'], options.to);
  await writeFile(path, document.toString({ lineWidth: 0 }));
  const answer = { source: name, baseline: options.to };
  const sentence = `${options.file}: ${name as string} counts as migrated up to ${options.to}. The next "eden apply" writes that into the history, and applies what comes behind it.`;
  report(call, answer, { name: `source/${name as string}`, sentence });
}
