import { resolve } from 'node:path';
import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { loadFile, type LoadedFile } from '../file/load-file.js';
import { resolveEndpoint } from '../file/resolve-values.js';
import type { SourceEntry } from '../file/schema.js';
import { printItems } from '../render/output.js';
import type { Call, Shell } from '../shell.js';
import { idOfSource } from '../sources/id-of-source.js';
import { readFolder } from '../sources/read-folder.js';
import { toolOf } from '../sources/tool-of.js';
import { askTool, type ToolStatus } from '../sources/tool-status.js';
import type { FileFlags } from '../which-release.js';

interface Verdict extends ToolStatus {
  readonly source: string;
  readonly tool: string;
}

export function addVerify(program: Command, shell: Shell): void {
  const command = program
    .command('verify')
    .description("ask each source's own tool, where it is on the PATH, whether anything is pending; changes nothing")
    .option('-f, --file <file>', 'default: eden.yaml')
    .option('--env <name>', 'read eden.<name>.yaml over it')
    .action(shell.action<FileFlags>(verify));
  withExamples(command, [['eden verify', 'after an apply; exit code 10 when a tool is not content']]);
}

async function verify(call: Call<FileFlags>): Promise<ExitCode> {
  const { options, surroundings } = call;
  const loaded = await loadFile({ file: options.file, environment: options.env, cwd: surroundings.cwd });
  const verdicts = await Promise.all(loaded.content.sources.map((source) => verdictOf(call, loaded, source)));
  printItems(call, verdicts, {
    name: ({ source }) => `source/${source}`,
    columns: [
      ['SOURCE', ({ source }) => source],
      ['TOOL', ({ tool }) => tool],
      ['SAYS', ({ state }) => state],
      ['ITS WORDS', ({ state, text }) => (state === 'content' ? null : text.slice(0, 200))],
    ],
  });
  return verdicts.some(({ state }) => state === 'not content') ? EXIT.refused : EXIT.done;
}

async function verdictOf({ surroundings }: Call<FileFlags>, loaded: LoadedFile, entry: SourceEntry): Promise<Verdict> {
  const folder = resolve(loaded.folder, entry.path);
  const tool = toolOf(entry, await readFolder(folder, entry.path));
  const source = idOfSource(entry);
  const url = urlOf(loaded, entry, surroundings.env);
  if (url !== null) {
    const asked = { folder, url, options: entry.options ?? {}, env: { ...surroundings.env } };
    return { source, tool, ...(await askTool(tool, asked)) };
  }
  return { source, tool, state: 'cannot say', text: 'eden.yaml has no URL of its database that is known here' };
}

/** Null where the service alone knows it. */
function urlOf(
  { content }: LoadedFile,
  { endpoint }: SourceEntry,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const entry = content.endpoints[endpoint];
  const url = entry === undefined ? undefined : resolveEndpoint(endpoint, entry, env).config['url'];
  return typeof url === 'string' && URL.canParse(url) && new URL(url).host !== '' ? url : null;
}
