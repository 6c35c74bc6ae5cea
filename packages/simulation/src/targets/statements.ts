import { EdenError } from '@eden/domain';
import type { JsonObject, Statement } from '@eden/domain';

/*
 * The language of the simulated targets: a statement is one JSON object. A migration steps a counter for each API that it
 * changes; an API reads its counter and says which value its definition goes by.
 */

/** A migration's step for an API: `by` is 1, or -1 where it is undone. */
export interface StepStatement {
  readonly op: 'step';
  readonly api: string;
  readonly by: number;
  readonly run: string;
  /** Which binding of the migration. */
  readonly binding: string;
  /** The address that its template's endpoint leads to. */
  readonly at: string;
}

/** An API's look at its counter. */
export interface ReadStatement {
  readonly op: 'read';
  readonly api: string;
  /** The value that the definition was made for. */
  readonly expects: number;
  /** Of the template's text. */
  readonly revision: number;
}

/** An API's write, made for that value of its counter. */
export interface WriteStatement {
  readonly op: 'write';
  readonly api: string;
  readonly expects: number;
}

/** Fails for good, or so many times because of somebody's lock. */
export interface FailStatement {
  readonly op: 'fail';
}

/** Takes so long. */
export interface PauseStatement {
  readonly op: 'pause';
  readonly ms: number;
}

export type TargetStatement = StepStatement | ReadStatement | WriteStatement | FailStatement | PauseStatement;

/** @throws EdenError VALIDATION_FAILED */
export function parseStatement({ text }: Statement): TargetStatement {
  try {
    return JSON.parse(text) as TargetStatement;
  } catch (error) {
    throw new EdenError(
      'VALIDATION_FAILED',
      { issues: [{ path: 'query', message: 'no statement' }] },
      { cause: error },
    );
  }
}

/** What a read answers. */
export interface Sighting {
  readonly api: string;
  readonly database: string;
  readonly value: number;
  readonly expects: number;
  readonly revision: number;
}

export function rowOf(sighting: Sighting): JsonObject {
  return { ...sighting };
}
