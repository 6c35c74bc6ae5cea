import { ApiError, UnreachableError } from '@eden/client';
import { describeFailure, isForbidden } from '../kubernetes/errors.js';
import type { Reason } from '../resources/reasons.js';

/** Why a look at an object could not come to its end. */
export class Obstacle extends Error {
  override readonly name = 'Obstacle';

  constructor(
    readonly reason: Reason,
    message: string,
    /** Whether a person has to change something; tried again all the same, as they may have done it elsewhere. */
    readonly isStalled = false,
  ) {
    super(message);
  }
}

const NOT_ALLOWED: readonly number[] = [401, 403];
const OF_THE_MOMENT: readonly number[] = [408, 423, 425, 429];
const FIRST_SERVER_ERROR = 500;
/** Answers 409 that pass when somebody else has ended. */
const BUSY: readonly string[] = ['RUN_IN_PROGRESS', 'IDEMPOTENCY_KEY_IN_USE', 'LOCK_TIMEOUT'];

/** What has been in the way, in the operator's terms. @throws error when it says nothing about the object */
export function obstacleOf(error: unknown): Obstacle {
  if (error instanceof Obstacle) return error;
  if (isForbidden(error)) return new Obstacle('ClusterRefuses', describeFailure(error), true);
  if (error instanceof UnreachableError) return new Obstacle('GatewayUnavailable', error.message);
  if (!(error instanceof ApiError)) throw error;
  return ofGateway(error);
}

function ofGateway(error: ApiError): Obstacle {
  const message = describe(error);
  if (error.code === 'ENDPOINT_UNAVAILABLE') return new Obstacle('EndpointUnavailable', message);
  if (error.status >= FIRST_SERVER_ERROR || error.code === 'UNEXPECTED_ANSWER') {
    return new Obstacle('GatewayUnavailable', message);
  }
  if (NOT_ALLOWED.includes(error.status)) return new Obstacle('NotAllowed', message, true);
  if (OF_THE_MOMENT.includes(error.status) || BUSY.includes(error.code)) return new Obstacle('Busy', message);
  return new Obstacle('Refused', message, true);
}

/** What the gateway says, with the places that it names; never a value that was sent. */
function describe({ message, code, context }: ApiError): string {
  const { suggestion, issues, reasons, details } = context;
  const places = Array.isArray(issues)
    ? (issues as { path?: string; message?: string }[]).map(({ path, message: text }) => `${path}: ${text}`)
    : [];
  const listed = Array.isArray(reasons) ? reasons.map(String) : [];
  const words = [details, ...places, ...listed, suggestion].filter((each) => typeof each === 'string' && each !== '');
  return [`${message} (${code})`, ...words].join('; ');
}
