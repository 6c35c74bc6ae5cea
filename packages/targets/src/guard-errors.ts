/*
 * Why a guard ends a connection. All of them are plain Errors, which every statement that waits is given and which
 * `isSessionLost` of each kind takes for what they are: the end of that session.
 */

/** The server says what a server of its kind never would. The message is for people and holds nothing that the server sent. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';

  /** @param server Whose protocol it is */
  constructor(server: 'PostgreSQL' | 'MariaDB', words: string, options?: ErrorOptions) {
    super(`not ${server}'s protocol: ${words}`, options);
  }
}

/** A bound of one statement: its name, as the answer to the client gives it, and how much it allows. */
export interface ResultLimit {
  readonly name: 'MAX_RESULT_BYTES' | 'MAX_RESULT_ROWS' | 'MAX_ROW_ELEMENTS' | 'MAX_JSON_DEPTH' | 'MAX_NOTICES';
  readonly max: number;
}

/** A statement answers more than it may. */
export class ResultTooLarge extends Error {
  override readonly name = 'ResultTooLarge';

  constructor(readonly limit: ResultLimit) {
    super(`a statement answered more than ${limit.name} allows`);
  }
}

/** The statement may answer so much, but all answers that this process has in memory at once may not. */
export class AnswersCrowded extends Error {
  override readonly name = 'AnswersCrowded';

  constructor() {
    super('too many large answers at once');
  }
}

/** No answer is expected any more. The message says why. */
export class SessionGivenUp extends Error {
  override readonly name = 'SessionGivenUp';
}

const OURS = [ProtocolViolation, ResultTooLarge, AnswersCrowded, SessionGivenUp];

/** True for what we have found ourselves, whose message may be shown. */
export function isRefusal(error: unknown): error is Error {
  return OURS.some((kind) => error instanceof kind);
}
