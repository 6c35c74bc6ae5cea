import { EdenError } from '@eden/domain';
import type { ErrorContext, Logger } from '@eden/domain';
import type { DestinationStream, Logger as Pino } from 'pino';
import { pino, stdTimeFunctions } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LoggerOptions {
  /** Name of the process: stands in every line. */
  readonly service: string;
  readonly level: LogLevel;
  /** Standard output unless a test wants to read along. */
  readonly destination?: DestinationStream;
}

const SECRET_KEYS = ['authorization', 'password', 'token', 'secret', 'config', 'url', 'cookie'];

/** The keys themselves, and as members of what is logged, down to two levels. */
const REDACTED_PATHS = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

const CREDENTIALS_IN_URL = /\/\/[^/@\s]*@/g;

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

function describeFields(fields: ErrorContext): object {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? describeError(value) : value]),
  );
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
export function createLogger({ service, level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
  };
  return new PinoLogger(destination === undefined ? pino(options) : pino(options, destination));
}
