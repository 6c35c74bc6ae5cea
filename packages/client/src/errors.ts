/** The body of every error of the API (contract section 2), as far as a client may rely on it. */
interface ErrorBody {
  readonly error: string;
  readonly code: string;
  readonly request_id?: string | undefined;
  readonly [beside: string]: unknown;
}

const MS_PER_SECOND = 1000;

/** What the service has answered instead of doing what it was asked. `code` is for programs, `message` for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  readonly status: number;
  readonly code: string;
  /** What stands beside the sentence: `suggestion`, `issues`, `failed_apis`, … */
  readonly context: Readonly<Record<string, unknown>>;
  /** Finds the request in the service's log. */
  readonly requestId: string | undefined;

  constructor(status: number, { error, code, request_id: requestId, ...context }: ErrorBody) {
    super(error);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.context = context;
  }

  /** Reads an answer that is an error. An answer of something in between, such as a proxy's page, is one as well. */
  static async from(response: Response): Promise<ApiError> {
    const text = await response.text();
    const body = parse(text);
    if (body === undefined) {
      const error = `The answer ${response.status} is none of this API: is the address right, or is a proxy in between?`;
      return new ApiError(response.status, { error, code: 'UNEXPECTED_ANSWER' });
    }
    return new ApiError(response.status, body);
  }
}

/** There was no answer: name not resolved, connection refused or lost, too late. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(
    /** Without path and credentials. */
    readonly origin: string,
    cause: unknown,
  ) {
    super(`${origin} does not answer (${reasonOf(cause)})`, { cause });
  }
}

/** The run goes on; only the waiting has ended. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';

  constructor(
    readonly run: string,
    readonly timeoutMs: number,
  ) {
    super(`Run ${run} has not ended within ${timeoutMs / MS_PER_SECOND} s; it goes on`);
  }
}

/**
 * What a request was answered with, once the middleware has thrown what was an error. Plain text is for those who accept
 * nothing else, which this client never does.
 */
export async function answerOf<Data>(
  request: Promise<{ data?: Data; response: Response }>,
): Promise<Exclude<Data, string>> {
  const { data } = await request;
  return data as Exclude<Data, string>;
}

function parse(text: string): ErrorBody | undefined {
  try {
    const body = JSON.parse(text) as Partial<ErrorBody> | null;
    return typeof body?.error === 'string' && typeof body.code === 'string' ? (body as ErrorBody) : undefined;
  } catch {
    return undefined;
  }
}

/** fetch says "fetch failed"; its cause says why. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  const reason = cause?.code ?? cause?.message;
  if (typeof reason === 'string' && reason !== '') return reason;
  return error instanceof Error ? error.message : String(error);
}
