import { ProtocolViolation as Violation } from '../../guard-errors.js';

export { AnswersCrowded, ResultTooLarge, SessionGivenUp, isRefusal } from '../../guard-errors.js';

/** The server says what PostgreSQL never would. */
export class ProtocolViolation extends Violation {
  constructor(words: string, options?: ErrorOptions) {
    super('PostgreSQL', words, options);
  }
}
