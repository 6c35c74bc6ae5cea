import { ApiException } from '@kubernetes/client-node';

const FORBIDDEN = 403;
const NOT_FOUND = 404;
const CONFLICT = 409;

/** Null in place of what is not there. */
export async function nullIfMissing<Found>(answer: Promise<Found>): Promise<Found | null> {
  try {
    return await answer;
  } catch (error) {
    if (isStatus(error, NOT_FOUND)) return null;
    throw error;
  }
}

/** Somebody else has changed the object, or made it, meanwhile: read it again. */
export function isConflict(error: unknown): boolean {
  return isStatus(error, CONFLICT);
}

/** The operator's account may not do that there. */
export function isForbidden(error: unknown): boolean {
  return isStatus(error, FORBIDDEN);
}

export function isMissing(error: unknown): boolean {
  return isStatus(error, NOT_FOUND);
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiException && error.code === status;
}

/** One line without bodies and headers: the client's own message holds both, and so may hold secrets. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof ApiException)) return error instanceof Error ? error.message : String(error);
  const { reason, message } = statusOf(error.body);
  return `the API server answers ${error.code}${reason === undefined ? '' : ` ${reason}`}${message === undefined ? '' : `: ${message}`}`;
}

function statusOf(body: unknown): { reason?: string; message?: string } {
  if (typeof body === 'object' && body !== null) return body;
  try {
    return JSON.parse(String(body)) as { reason?: string; message?: string };
  } catch {
    return {};
  }
}
