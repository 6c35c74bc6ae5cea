import { ApiError, UnreachableError } from '@eden/client';
import { TEXTS } from '../texts.js';

interface Issue {
  /** As `fields[0].name`, into what was sent. */
  readonly path: string;
  readonly message: string;
}

/** What the service has against single parts of what was sent. */
export function issuesOf(error: unknown): readonly Issue[] {
  const issues = error instanceof ApiError ? error.context['issues'] : undefined;
  return isList<Issue>(issues) ? issues : [];
}

/** What went wrong and what to do about it, from an answer of the API or from none. */
export function ErrorNote({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  return (
    <div className="note note-error" role="alert">
      <p className="note-title">{sentenceOf(error)}</p>
      {error instanceof ApiError && <Context error={error} />}
      {error instanceof UnreachableError && <p>{TEXTS.errors.unreachableAdvice}</p>}
      {onRetry !== undefined && (
        <button type="button" className="button" onClick={onRetry}>
          {TEXTS.errors.retry}
        </button>
      )}
    </div>
  );
}

function sentenceOf(error: unknown): string {
  if (error instanceof UnreachableError) return TEXTS.errors.unreachable;
  return error instanceof Error ? error.message : String(error);
}

function Context({ error }: { readonly error: ApiError }) {
  const { suggestion, details, reasons } = error.context;
  const issues = issuesOf(error);
  return (
    <>
      {typeof details === 'string' && <p>{details}</p>}
      {issues.length > 0 && (
        <ul>
          {issues.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
      {isList<string>(reasons) && (
        <ul>
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {typeof suggestion === 'string' && <p>{suggestion}</p>}
      <p className="dim">
        {error.code}
        {error.requestId !== undefined && ` · ${TEXTS.errors.request} ${error.requestId}`}
      </p>
    </>
  );
}

function isList<Item>(value: unknown): value is readonly Item[] {
  return Array.isArray(value) && value.length > 0;
}
