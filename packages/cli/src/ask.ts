import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CommandError, EXIT } from './exit-codes.js';
import type { Surroundings } from './surroundings.js';

/** Whether there is somebody to ask. */
export function canAsk({ stdin, stderr }: Surroundings): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** @throws CommandError when nobody is there */
export async function ask(surroundings: Surroundings, question: string, fallback = ''): Promise<string> {
  assertSomebody(surroundings, question);
  const answer = await readLine(surroundings, `${question}${fallback === '' ? '' : ` [${fallback}]`}: `, false);
  return answer === '' ? fallback : answer;
}

/** What is typed does not appear. */
export async function askSecret(surroundings: Surroundings, question: string): Promise<string> {
  assertSomebody(surroundings, question);
  return readLine(surroundings, `${question}: `, true);
}

/** Only a plain yes is one. */
export async function confirm(surroundings: Surroundings, question: string): Promise<boolean> {
  const answer = await readLine(surroundings, `${question} [y/N] `, false);
  return /^y(es)?$/i.test(answer);
}

/** Whether it takes an answer of whoever types a command to know that it is meant. */
export function isAsked({ stdin }: Surroundings, yes: boolean | undefined): boolean {
  return yes !== true && stdin.isTTY === true;
}

/**
 * Whether a command is meant: who types it is asked, unless they have said so; a script has said it by the command itself.
 * @throws CommandError (usage) when somebody types who would not see the question
 */
export async function isMeant(
  surroundings: Surroundings,
  yes: boolean | undefined,
  question: string,
): Promise<boolean> {
  if (!isAsked(surroundings, yes)) return true;
  if (canAsk(surroundings)) return confirm(surroundings, question);
  throw new CommandError('The question would not be seen', 'Say --yes when it is meant.', EXIT.usage);
}

/** All that comes in, without the last line break. */
export async function readInput({ stdin }: Surroundings): Promise<string> {
  return (await text(stdin)).replace(/\r?\n$/, '');
}

async function readLine(surroundings: Surroundings, prompt: string, hidden: boolean): Promise<string> {
  const { stdin, stderr, interrupt } = surroundings;
  stderr.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output: nowhere, terminal: hidden });
  // What is typed hidden comes as it is: Ctrl-C is a key then, and no signal.
  const key = new AbortController();
  reader.on('SIGINT', () => key.abort());
  const signal = AbortSignal.any([interrupt, key.signal]);
  try {
    // Who closes the input has given no answer.
    const closed = once(reader, 'close').then(() => '');
    return (await Promise.race([reader.question('', { signal }), closed])).trim();
  } catch (error) {
    if (signal.aborted) throw new CommandError('Interrupted', 'Nothing was done.', EXIT.interrupted);
    throw error;
  } finally {
    if (hidden) stderr.write('\n');
    reader.close();
  }
}

function assertSomebody(surroundings: Surroundings, question: string): void {
  if (canAsk(surroundings)) return;
  throw new CommandError(`${question} is not given, and there is no terminal to ask at`, 'See --help.', EXIT.usage);
}
