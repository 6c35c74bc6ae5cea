import type { Readable } from 'node:stream';

/** Where text goes; what a process's own streams have as well. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** All that the command knows of the machine, so that tests can say otherwise. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the user stands. */
  readonly cwd: string;
  readonly home: string;
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined; setRawMode?(raw: boolean): unknown };
  /** Data. */
  readonly stdout: TextStream;
  /** Talk. */
  readonly stderr: TextStream;
  /** Aborted by Ctrl-C. */
  readonly interrupt: AbortSignal;
}
