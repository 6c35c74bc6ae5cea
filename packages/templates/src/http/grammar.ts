import type { TemplateValue } from '../expression/scope.js';

/** How a value is written: `{{x}}`, or `{{list x}}`. */
export type ValueKind = 'value' | 'list';

/** One part of a request as text with places: it tells what a place stands in, and writes a value for it. */
export interface Grammar<P> {
  readonly start: P;
  /** The place behind `text`. @throws RenderProblem where such text cannot stand */
  read(text: string, place: P): P;
  /** Why no value can stand there; null: one can. */
  refusal(place: P): string | null;
  /** @throws RenderProblem for a value that the place cannot hold */
  write(value: TemplateValue, kind: ValueKind, place: P): string;
  /** The place behind a value. */
  behind(place: P): P;
  /** The finished text. @throws RenderProblem */
  finish(text: string): string;
}
