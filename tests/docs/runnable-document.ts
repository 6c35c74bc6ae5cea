import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/*
 * The commands of a Markdown file, run as a reader would: one block after the other in one shell. A block ```sh run is a
 * command; a block ```text prints behind it is what it prints, where `…` stands for what differs from time to time, and on
 * a line of its own for any number of lines.
 */

const ROOT = join(import.meta.dirname, '..', '..');

interface Command {
  /** Line of the file, for messages. */
  readonly line: number;
  readonly script: string;
  /** As documented, null where the document shows nothing. */
  readonly prints: string | null;
}

/** What a command did instead of what its document says. */
interface Deviation extends Command {
  readonly hasEnded: boolean;
  readonly printed: string;
}

const FENCE = /^( *)```(.*)\n([^]*?)^ *```$/gm;

/** A marker that is misspelt would silently leave its command out. */
const MARKERS = ['sh', 'sh run', 'text prints', 'json', 'yaml', 'mermaid'];

/** The runnable commands of a file, relative to the repository. @throws Error for a marker that is unknown or out of place */
export function commandsOf(file: string): readonly Command[] {
  const content = readFileSync(join(ROOT, file), 'utf8');
  const commands: Command[] = [];
  for (const { 1: indent = '', 2: marker = '', 3: indented = '', index } of content.matchAll(FENCE)) {
    const block = indented.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    const line = content.slice(0, index).split('\n').length;
    if (!MARKERS.includes(marker)) throw new Error(`${file}:${line} is marked as ${marker}`);
    if (marker === 'sh run') commands.push({ line, script: block, prints: null });
    if (marker !== 'text prints') continue;
    const command = commands.pop();
    if (command?.prints !== null) throw new Error(`${file}:${line} prints what no command did`);
    commands.push({ ...command, prints: block.trim() });
  }
  return commands;
}

/**
 * Runs a document, and answers what is not as it says: the first deviation, and everything that was written to stderr.
 * @param pasted What the reader has pasted into the shell before.
 */
export async function runDocument(file: string, pasted: string) {
  const commands = commandsOf(file);
  const shell = spawn('bash', ['-c', scriptOf(commands, pasted)], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
  return { deviation: firstDeviation(commands, stdout.split(SEPARATOR)), stderr };
}

/** Between the outputs of two commands: as the shell writes it, and as it arrives. */
const PRINT_SEPARATOR = String.raw`printf '\036'`;
const SEPARATOR = '\u001e';

/** Ends at the first command that fails. */
function scriptOf(commands: readonly Command[], pasted: string): string {
  return ['set -eo pipefail', pasted, ...commands.map(({ script }) => `${script}\n${PRINT_SEPARATOR}`)].join('\n');
}

function firstDeviation(commands: readonly Command[], outputs: readonly string[]): Deviation | null {
  for (const [index, command] of commands.entries()) {
    const printed = (outputs[index] ?? '').trim();
    const hasEnded = outputs.length > index + 1;
    const { prints } = command;
    if (!hasEnded || (prints !== null && !isLike(printed, prints))) return { ...command, hasEnded, printed };
  }
  return null;
}

function isLike(printed: string, documented: string): boolean {
  const pattern = documented
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/(?<=^|\n)…\n/g, '(?:.*\\n)*?')
    .replace(/\n…$/, '(?:\\n.*)*')
    .replaceAll('…', '.*');
  return new RegExp(`^${pattern}$`).test(printed);
}
