import { EdenError } from '@eden/domain';
import type { Position } from './problems.js';
import { RenderProblem } from './problems.js';

/** Knows which text is being rendered, so that a failure can name the place. */
export class RenderContext {
  #path = '';
  #place: { readonly at: Position } = { at: { line: 1, column: 1 } };

  /** `place.at` is read when rendering fails. */
  enter<P extends { readonly at: Position }>(path: string, place: P): P {
    this.#path = path;
    this.#place = place;
    return place;
  }

  /** What a failure inside the text becomes: TEMPLATE_NOT_RENDERED for a value that does not fit. */
  failure(error: unknown): unknown {
    // Values nested thousands deep end in V8's stack limit, also inside JSON.stringify.
    const reason = error instanceof RangeError ? 'the value is nested too deep' : null;
    if (!(error instanceof RenderProblem) && reason === null) return error;
    const { line, column } = this.#place.at;
    const message = reason ?? (error as RenderProblem).message;
    const details = `${this.#path}: line ${line}, column ${column}: ${message}`;
    return new EdenError('TEMPLATE_NOT_RENDERED', { details }, { cause: error });
  }
}
