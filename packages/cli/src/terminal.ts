import { CommandError, EXIT } from './exit-codes.js';
import type { Surroundings, TextStream } from './surroundings.js';

export type ColorMode = 'auto' | 'always' | 'never';

/** SGR codes (ECMA-48). Node's styleText looks at the process's own streams, which are not always ours. */
const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;
type Style = keyof typeof STYLES;

export interface TerminalOptions {
  readonly color?: ColorMode | undefined;
  readonly quiet?: boolean | undefined;
}

const DEFAULT_COLUMNS = 100;
const CLEAR_LINE_AND_UP = '\u001b[1A\u001b[2K';

/** Data goes to stdout, talk to stderr; lines that change in place only where a person looks on. */
export class Terminal {
  private liveLines = 0;

  constructor(
    private readonly surroundings: Pick<Surroundings, 'stdout' | 'stderr' | 'env'>,
    private readonly options: TerminalOptions = {},
  ) {}

  /** Whether somebody looks on who likes to see things move. */
  get isLive(): boolean {
    const { stderr, env } = this.surroundings;
    return stderr.isTTY === true && this.options.quiet !== true && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';
  }

  /** What was asked for. */
  data(text: string): void {
    this.clearLive();
    this.surroundings.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** What happens meanwhile; `--quiet` leaves it out. */
  say(text: string): void {
    if (this.options.quiet === true) return;
    this.complain(text);
  }

  /** What has to be heard. */
  complain(text: string): void {
    this.clearLive();
    this.surroundings.stderr.write(`${text}\n`);
  }

  /** Lines at the end of the terminal that the next call replaces. */
  showLive(lines: readonly string[]): void {
    if (!this.isLive) return;
    this.clearLive();
    const width = columnsOf(this.surroundings.stderr);
    this.surroundings.stderr.write(lines.map((line) => `${cut(line, width - 1)}\n`).join(''));
    this.liveLines = lines.length;
  }

  clearLive(): void {
    if (this.liveLines > 0) this.surroundings.stderr.write(CLEAR_LINE_AND_UP.repeat(this.liveLines));
    this.liveLines = 0;
  }

  /** Text in a style, where the stream that it goes to shows styles. */
  style(style: Style, text: string, stream: 'stdout' | 'stderr' = 'stdout'): string {
    if (!this.hasColor(stream)) return text;
    const [on, off] = STYLES[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  }

  private hasColor(stream: 'stdout' | 'stderr'): boolean {
    const { color = 'auto' } = this.options;
    if (color !== 'auto') return color === 'always';
    const { env } = this.surroundings;
    return (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb' && this.surroundings[stream].isTTY === true;
  }
}

const ESCAPES = /\u001b\[[0-9;]*m/g;

/** Characters that a text takes on a terminal, without its styles. */
export function widthOf(text: string): number {
  return [...text.replace(ESCAPES, '')].length;
}

/** A line that does not fit ends with an ellipsis, and then without styles: a line that wraps could not be replaced. */
function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return `${[...text.replace(ESCAPES, '')].slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** A terminal that does not know its width says 0. */
function columnsOf({ columns }: TextStream): number {
  return columns === undefined || columns === 0 ? DEFAULT_COLUMNS : columns;
}

/** @throws CommandError (usage) */
export function checkColorMode(text: string): ColorMode {
  if (text === 'auto' || text === 'always' || text === 'never') return text;
  throw new CommandError(`"${text}" is no way to use colors`, 'Take auto, always or never.', EXIT.usage);
}
