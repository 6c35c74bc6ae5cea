import type { Page, Uuid } from '@eden/domain';

/** What an operation answers. */
export interface Answer<Body = unknown> {
  readonly status: number;
  readonly body: Body;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** The error body of contract section 2; the guide's keys stand beside these three. */
export interface ErrorBody {
  readonly error: string;
  readonly code: string;
  readonly request_id: string;
}

export type ErrorAnswer = Answer<ErrorBody>;

/** Where a client asks how its run is getting on. */
function runLocation(run: Uuid): string {
  return `/api/v1/runs/${run}`;
}

/** An action that is done. */
export function done(message = 'success') {
  return { status: 200, body: { status: 'success' as const, message } };
}

export function data<T>(value: T) {
  return { status: 200, body: { status: 'success' as const, data: value } };
}

/** An action that made or changed something, with what became of it. */
export function doneWith<T>(value: T, message = 'success') {
  return { status: 200, body: { status: 'success' as const, message, data: value } };
}

export function page<T, View>({ items, nextCursor }: Page<T>, view: (item: T) => View) {
  return { status: 200, body: { status: 'success' as const, data: items.map(view), next_cursor: nextCursor } };
}

/** Accepted, and going on behind the answer. */
export function accepted(message: string, run: Uuid) {
  return goesOn({ run }, message, run);
}

/** The same with what has become of it so far, or what more there is to say. */
export function goesOn<T>(value: T, message: string, run: Uuid) {
  return { ...doneWith(value, message), status: 202, headers: { Location: runLocation(run) } };
}
