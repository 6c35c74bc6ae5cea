import { readFileSync } from 'node:fs';

/*
 * The commands of a Markdown file, for the test that runs them as a reader would: one block after the other in one
 * shell. A block ```sh run is a command; a block ```text prints behind it is what it prints, where `…` stands for what
 * differs from time to time (on a line of its own: for any lines).
 */

export interface Command {
  /** Line of the file, for messages. */
  readonly line: number;
  readonly script: string;
  /** As documented, null where the document shows nothing. */
  readonly prints: string | null;
}

const FENCE = /^```(.*)\n([^]*?)^```$/gm;

export function commandsOf(file: string): readonly Command[] {
  const text = readFileSync(file, 'utf8');
  const commands: Command[] = [];
  for (const { 1: info, 2: content = '', index } of text.matchAll(FENCE)) {
    const line = text.slice(0, index).split('\n').length;
    if (info === 'sh run') commands.push({ line, script: content, prints: null });
    if (info !== 'text prints') continue;
    const command = commands.pop();
    if (command?.prints !== null) throw new Error(`${file}:${line} prints what no command did`);
    commands.push({ ...command, prints: content.trim() });
  }
  return commands;
}

/** Between the outputs of two commands. */
const SEPARATOR = '\u001e';

/** All commands as one script that ends at the first that fails. @param prologue What the reader has pasted before. */
export function scriptOf(commands: readonly Command[], prologue: string): string {
  const steps = commands.map(({ script }) => `${script}\nprintf '\\036'`);
  return ['set -eo pipefail', prologue, ...steps].join('\n');
}

/** What each command of that script printed. */
export function outputsOf(stdout: string): readonly string[] {
  return stdout.split(SEPARATOR).map((output) => output.trim());
}

/** True when the output is as documented. */
export function isAsDocumented(output: string, documented: string): boolean {
  const pattern = documented.split('\n').map((line) => (line.trim() === '…' ? '[^]*' : linePattern(line)));
  return new RegExp(`^${pattern.join('\\n')}$`).test(output.replace(/[ \t]+$/gm, ''));
}

function linePattern(line: string): string {
  const parts = line.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return parts.join('.*');
}
