import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { CommandError } from '../exit-codes.js';
import { loadFile } from '../file/load-file.js';
import type { SourceEntry } from '../file/schema.js';
import { newFiles, type NewMigration } from '../new-file/new-files.js';
import { printNext } from '../render/output.js';
import type { Call, Shell } from '../shell.js';
import { findSource } from '../sources/find-source.js';
import { pathsIn, readFolder } from '../sources/read-folder.js';
import { toolOf } from '../sources/tool-of.js';
import type { FileFlags } from '../which-release.js';

interface NewFlags extends FileFlags {
  readonly source: string;
}

export function addNew(program: Command, shell: Shell): void {
  const command = program
    .command('new')
    .argument('<name>', 'what it does, in a few words')
    .description("write a new migration into a source's folder, named as its tool names it")
    .requiredOption('--source <id>', 'the source of eden.yaml')
    .option('-f, --file <file>', 'default: eden.yaml')
    .option('--env <name>', 'read eden.<name>.yaml over it')
    .action(shell.action<NewFlags>(writeNew));
  withExamples(command, [['eden new "add second address" --source users', 'prints the files that it has written']]);
}

async function writeNew(call: Call<NewFlags>, name?: string): Promise<void> {
  const { options, surroundings } = call;
  const loaded = await loadFile({ file: options.file, environment: options.env, cwd: surroundings.cwd });
  const source = findSource(loaded, options.source);
  const folder = resolve(loaded.folder, source.path);
  const found = await lookAt(source, folder);
  const author = surroundings.env['USER'] ?? userInfo().username;
  for (const { path, text } of newFiles({ ...found, name: name as string, now: new Date(), author })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      throw new CommandError(`${source.path}/${path} cannot be written (${error.code})`, 'Take another name.');
    });
    const written = `${source.path}/${path}`;
    printNext(call, { path: written }, { name: `file/${written}`, table: () => call.terminal.data(written) });
  }
}

/** Where the tool is named, its folder may be one that is yet to be made. */
async function lookAt(source: SourceEntry, folder: string): Promise<Pick<NewMigration, 'tool' | 'existing'>> {
  const { tool, path: shown } = source;
  if (tool !== 'auto') return { tool, existing: existsSync(folder) ? await pathsIn(folder, shown) : [] };
  const files = await readFolder(folder, shown);
  return { tool: toolOf(source, files), existing: files.map(({ path }) => path) };
}
