import { EdenError } from '@eden/domain';
import type { ErrorContext, Logger } from '@eden/domain';
import type { DestinationStream, Logger as Pino } from 'pino';
import { pino, stdTimeFunctions } from 'pino';
import { standardOutput } from './standard-output.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LoggerOptions {
  /** Name of the process: stands in every line. */
  readonly service: string;
  readonly level: LogLevel;
  /** Standard output unless a test wants to read along. */
  readonly destination?: DestinationStream;
  /** What every line says of the moment at which it is written. */
  readonly fields?: () => Readonly<Record<string, string>>;
}

const SECRET_KEYS: ReadonlySet<string> = new Set([
  'authorization',
  'password',
  'token',
  'secret',
  'config',
  'url',
  'cookie',
]);
const REDACTED = '[redacted]';

/** Secret keys are looked for in what is logged, in its members and in theirs. */
const REDACTED_LEVELS = 3;

/** To the last @ of the authority: not everybody escapes the one in his password. */
const CREDENTIALS_IN_URL = /\/\/[^/\s]*@/g;

function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS_IN_URL, '//[redacted]@');
}

/** Where something unexpected happened matters; that a server is away has no place in the code, and comes every second. */
function isExpected(error: Error): boolean {
  return error instanceof EdenError && error.retryable;
}

/** Drivers put connection strings into their messages: they are cleaned before they are written. */
function describeError(error: Error, withStack = !isExpected(error)): object {
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    name,
    message: withoutCredentials(message),
    ...(code === undefined ? {} : { code }),
    ...(stack === undefined || !withStack ? {} : { stack: withoutCredentials(stack) }),
    ...(cause instanceof Error ? { cause: describeError(cause, withStack) } : {}),
  };
}

/** A copy as it may be written. Done here and not by pino, which clones every line as a whole. */
function describeFields(fields: object, levels = REDACTED_LEVELS): object {
  const described: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    described[key] = SECRET_KEYS.has(key) ? REDACTED : describeValue(value, levels - 1);
  }
  return described;
}

function describeValue(value: unknown, levels: number): unknown {
  if (value instanceof Error) return describeError(value);
  if (typeof value === 'string') return withoutCredentials(value);
  if (levels === 0) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => describeValue(each, levels - 1));
  return isPlain(value) ? describeFields(value, levels) : value;
}

/** Dates and the like know themselves how they are written. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

class PinoLogger implements Logger {
  constructor(private readonly pino: Pino) {}

  debug(message: string, fields: ErrorContext = {}): void {
    this.pino.debug(describeFields(fields), message);
  }

  info(message: string, fields: ErrorContext = {}): void {
    this.pino.info(describeFields(fields), message);
  }

  warn(message: string, fields: ErrorContext = {}): void {
    this.pino.warn(describeFields(fields), message);
  }

  error(message: string, fields: ErrorContext = {}): void {
    this.pino.error(describeFields(fields), message);
  }

  child(fields: ErrorContext): Logger {
    return new PinoLogger(this.pino.child(describeFields(fields)));
  }
}

/** JSON lines with level, ISO time, service and message; values of secret keys are replaced by `[redacted]`. */
export function createLogger({ service, level, destination, fields }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    ...(fields === undefined ? {} : { mixin: fields }),
  };
  return new PinoLogger(pino(options, destination ?? standardOutput()));
}
