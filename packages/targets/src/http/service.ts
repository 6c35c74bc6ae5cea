import { setTimeout as delay } from 'node:timers/promises';
import {
  EdenError,
  isAllowedHost,
  isSafeMethod,
  type Endpoint,
  type StatementLimits,
  type StatementResult,
} from '@eden/domain';
import type { HttpMessage } from '@eden/lexers';
import type { AnswerLimits } from '../answer-limits.js';
import { AnswersCrowded, ResultTooLarge } from '../guard-errors.js';
import { notAllowed, type Reach } from '../reach/reach.js';
import { excerptOf, MOST_QUOTED, resultOf, secretsIn } from './answer.js';
import { baseOf, type HttpConfig } from './config.js';
import { AnswerTimeout, exchangeError, nothingDone } from './errors.js';
import { exchange, NotConnected, type HttpAnswer } from './exchange.js';
import { retryAfterMs } from './retry-after.js';

/** Every bound of the adapter, and where it may lead. */
export interface HttpLimits {
  /** Of all tries of a request together, where nobody else says. */
  readonly requestTimeoutMs: number;
  /** Before the second try, and twice as long before each further one, where the service asks for no other time. */
  readonly firstPauseMs: number;
  /** For one connection, where nothing is asked. */
  readonly connectTimeoutMs: number;
  /** How often a request is tried again that a service has no time for. */
  readonly retries: number;
  readonly answers: AnswerLimits;
  /** HTTP_ALLOWED_HOSTS: of nobody else is anything asked. */
  readonly allowedHosts: readonly string[];
  readonly reach: Reach;
}

/** One request as it is sent, however often. */
export interface Request {
  readonly message: HttpMessage;
  /** Under which the service knows it again. */
  readonly key: string;
  /** `timeoutMs` bounds all tries together. */
  readonly limits: StatementLimits;
  readonly signal: AbortSignal;
}

const BUSY: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const TOO_MANY_REQUESTS = 429;
/** The service has not waited for the whole request. */
const REQUEST_TIMEOUT = 408;

/** What a session asks an endpoint's service for. It holds the memory of the answers until it is closed. */
export class HttpService {
  private readonly config: HttpConfig;
  private heldBytes = 0;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly limits: HttpLimits,
  ) {
    this.config = endpoint.config as HttpConfig;
  }

  /**
   * Tries until there is an answer that stands, and answers it as a row `{status, body}`. Every try has the same key.
   * @throws NothingDone when it is certain that nothing was done; EdenError TEMPLATE_EXECUTION_FAILED (context: status,
   *         answer), ENDPOINT_UNAVAILABLE, ENDPOINT_NOT_ALLOWED, RESULT_TOO_LARGE
   */
  async ask(request: Request): Promise<StatementResult> {
    const { timeoutMs = this.limits.requestTimeoutMs, retries = this.limits.retries } = request.limits;
    const deadline = performance.now() + timeoutMs;
    // A gateway that gives up does not know what the service behind it has done.
    let isUncertain = false;
    for (let left = retries; ; left -= 1) {
      const answer = await this.tryOnce(request, deadline, isUncertain);
      const { status } = answer;
      if (isSuccess(status)) return this.resultOf(answer);
      const pauseMs = this.pauseMs(answer, retries - left);
      isUncertain ||= BUSY.has(status) && status !== TOO_MANY_REQUESTS;
      const isTriedAgain = BUSY.has(status) && left > 0 && performance.now() + pauseMs < deadline;
      if (!isTriedAgain) throw this.refused(answer, isUncertain);
      await delay(pauseMs, undefined, { signal: request.signal }).catch((cause: unknown) => {
        throw exchangeError(this.endpoint.id, cause, isUncertain);
      });
    }
  }

  /** Gives back the memory of all answers. */
  close(): void {
    this.limits.answers.giveBack(this.heldBytes);
    this.heldBytes = 0;
  }

  private async tryOnce(
    { message, key, limits, signal }: Request,
    deadline: number,
    isUncertain: boolean,
  ): Promise<HttpAnswer> {
    const timeoutMs = Math.max(1, Math.ceil(Math.min(this.config.timeout_ms, deadline - performance.now())));
    const timeout = AbortSignal.timeout(timeoutMs);
    const url = new URL(baseOf(this.config));
    try {
      assertAllowed(url, this.limits.allowedHosts, this.endpoint.id);
      return await exchange(
        {
          url,
          target: `${url.pathname.replace(/\/$/, '')}${message.target}`,
          method: message.method,
          headers: this.headersOf(message, key),
          body: message.body,
          socket: () => this.limits.reach.socket(),
          takes: this.takes(limits),
        },
        AbortSignal.any([timeout, signal]),
      );
    } catch (error) {
      throw exchangeError(this.endpoint.id, timeout.aborted ? timedOut(error, timeoutMs) : error, isUncertain);
    }
  }

  private headersOf({ method, headers, body }: HttpMessage, key: string): Readonly<Record<string, string>> {
    const all: readonly (readonly [string, string])[] = [
      ['User-Agent', 'eden-migrations'],
      ['Accept', 'application/json'],
      ...(body === null ? [] : [['Content-Type', 'application/json'] as const]),
      ...Object.entries(this.config.headers),
      ...headers.map(({ name, value }) => [name, value] as const),
      ['Accept-Encoding', 'identity'],
      ...(isSafeMethod(method) ? [] : [['Idempotency-Key', key] as const]),
    ];
    // The last one of a name counts.
    const named = new Map(all.map(([name, value]) => [name.toLowerCase(), [name, value] as const]));
    return Object.fromEntries(named.values());
  }

  /** Of an answer that is only quoted the beginning is read, and nothing of one that nobody looks at. */
  private takes({ rows }: StatementLimits): (count: number, status: number) => boolean {
    const { maxBytes } = this.limits.answers.results;
    let bytes = 0;
    return (count, status) => {
      if (isSuccess(status) && rows === 'discard') return false;
      bytes += count;
      if (!isSuccess(status) && bytes > MOST_QUOTED) return false;
      if (bytes > maxBytes) throw new ResultTooLarge({ name: 'MAX_RESULT_BYTES', max: maxBytes });
      if (!this.limits.answers.take(count)) throw new AnswersCrowded();
      this.heldBytes += count;
      return true;
    };
  }

  private resultOf(answer: HttpAnswer): StatementResult {
    try {
      return resultOf(answer);
    } catch (error) {
      throw exchangeError(this.endpoint.id, error, true);
    }
  }

  private pauseMs({ headers }: HttpAnswer, tries: number): number {
    return (
      retryAfterMs(headers['retry-after'], Date.now()) ??
      this.limits.firstPauseMs * 2 ** tries * (0.5 + Math.random() / 2)
    );
  }

  private refused(answer: HttpAnswer, isUncertain: boolean): EdenError {
    const { status, headers } = answer;
    const asked = retryAfterMs(headers['retry-after'], Date.now());
    const context = {
      endpoint_id: this.endpoint.id,
      status,
      ...(asked === null ? {} : { retry_after_ms: asked }),
      answer: excerptOf(answer, secretsIn(this.config.headers)),
    };
    const error = BUSY.has(status)
      ? new EdenError('ENDPOINT_UNAVAILABLE', { ...context, details: `the service answered ${status}` })
      : new EdenError('TEMPLATE_EXECUTION_FAILED', { ...context, message: wordsOf(status) });
    return isRefusal(status) && !isUncertain ? nothingDone(error) : error;
  }
}

/** @throws EdenError ENDPOINT_NOT_ALLOWED */
export function assertAllowed(url: URL, allowedHosts: readonly string[], endpointId?: string): void {
  if (isAllowedHost(url, allowedHosts)) return;
  const details = `${url.host} is not among the hosts that endpoints of the kind Http may reach`;
  throw notAllowed({ reason: 'host', details, setting: 'HTTP_ALLOWED_HOSTS' }, endpointId);
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The service says that it has done nothing. Behind a redirect, and of its own failures, nobody knows. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== REQUEST_TIMEOUT;
}

function wordsOf(status: number): string {
  const isRedirect = status >= 300 && status < 400;
  return `the service answered ${status}${isRedirect ? ', and redirects are not followed' : ''}`;
}

/** Before there was a connection it is still one that was never made. */
function timedOut(error: unknown, timeoutMs: number): unknown {
  const timeout = new AnswerTimeout(timeoutMs);
  return error instanceof NotConnected ? new NotConnected('not connected', { cause: timeout }) : timeout;
}
