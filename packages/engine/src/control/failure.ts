import { cutWords, EdenError, isEdenError, toStoredError } from '@eden/domain';
import type { StoredError, Uuid } from '@eden/domain';
import type { WorkApi, WorkBinding } from '@eden/work';

/** A template, or a file of a source. */
export type FailedBinding = Pick<WorkBinding, 'index'> & {
  readonly template: { readonly id: string } | null;
  readonly file?: string;
};

/** What stopped one API; `binding` is absent when it never got to one. */
export interface ApiFailure {
  readonly api: WorkApi;
  readonly binding?: FailedBinding;
  readonly error: unknown;
}

/** The bindings failed: the run aborts and ends `failed`. */
export class ExecutionFailed extends Error {
  override readonly name = 'ExecutionFailed';
  readonly failures: readonly ApiFailure[];

  constructor(failures: readonly ApiFailure[]) {
    super('migration execution failed', { cause: failures[0]?.error });
    this.failures = failures;
  }
}

/** The process has to let go of the run (drain, lost lock, no control database): the migration itself is in order. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Why a run is undone, or given back, whose process was told to stop. */
export const WORKER_STOPS = 'its worker was told to stop';

/** Somebody else has the run now: whatever we would still write about it is theirs to write. */
export function isLost(error: unknown): boolean {
  return isEdenError(error, 'FENCED');
}

/** The control database is away or the run is somebody else's: no template can be blamed for that. */
export function isServiceTrouble(error: unknown): boolean {
  return isLost(error) || isEdenError(error, 'SERVICE_UNAVAILABLE');
}

/** Something that the failed attempt may have done and that no abort takes back. */
export interface NotUndone {
  readonly api_id: string;
  readonly template: string;
  readonly details: string;
}

/** The guide's body of a failed migration, with what the target says of each failure beside it. */
export function executionError(failures: readonly ApiFailure[], notUndone: readonly NotUndone[] = []): StoredError {
  const failed = new Set<Uuid>(failures.map(({ api }) => api.member.api.uuid));
  const context = {
    failed_apis: [...failed],
    details: 'One or more APIs failed during parallel execution',
    errors: failures.map(describeFailure),
    ...(notUndone.length === 0 ? {} : { not_undone: notUndone }),
  };
  return toStoredError(new EdenError('MIGRATION_EXECUTION_FAILED', context));
}

function nameOf({ index, template, file }: FailedBinding): Record<string, unknown> {
  return template === null ? { binding: index, file } : { binding: index, template: template.id };
}

function describeFailure({ api, binding, error }: ApiFailure): Record<string, unknown> {
  const { code, error: sentence, context } = toStoredError(error);
  return {
    api: api.member.api.uuid,
    api_id: api.member.api.id,
    ...(binding === undefined ? {} : nameOf(binding)),
    error: sentence,
    code,
    ...context,
  };
}

/** What went wrong, in one line: the sentence, and what is known of it. */
export function wordsOf(error: unknown): string {
  if (!isEdenError(error)) return error instanceof Interrupted ? error.message : toStoredError(error).error;
  const more = error.context['message'] ?? error.context['details'];
  return cutWords(typeof more === 'string' ? `${error.message}: ${more}` : error.message);
}
