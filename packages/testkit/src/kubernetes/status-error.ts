const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Expired',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};

/** What the server answers instead of doing what it was asked: a `Status`. */
export class StatusError extends Error {
  override readonly name = 'StatusError';

  constructor(
    readonly code: number,
    message: string,
    readonly reason: string = REASONS[code] ?? 'Unknown',
  ) {
    super(message);
  }

  get status() {
    const { code, reason, message } = this;
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  }
}

/** One complaint of a validation, as `field.ErrorList` prints it. */
export interface FieldError {
  readonly path: string;
  readonly detail: string;
}

export function invalid(subject: string, errors: readonly FieldError[]): StatusError {
  const texts = errors.map(({ path, detail }) => `${path}: ${detail}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new StatusError(422, `${subject} is invalid: ${list}`);
}
