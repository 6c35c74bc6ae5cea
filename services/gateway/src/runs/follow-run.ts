import type { Run, RunEvent } from '@eden/domain';
import { isEdenError, isFinished, validationError } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import type { EventStreamAnswer, ServerSentEvent } from '../http/event-stream.js';
import { NOTHING_MORE } from '../http/event-stream.js';
import type { HttpRequest } from '../http/http-request.js';
import { authenticate } from '../identity/authenticate.js';
import { viewRunEvent } from '../views/run.js';

/** How long somebody whose token was revoked may still watch. */
const CHECK_EVERY_MS = 5_000;

interface Following {
  readonly deps: GatewayDeps;
  readonly http: HttpRequest;
  readonly run: Run;
  /** Sequence of the last event that the client knows. */
  readonly after: number;
}

export function wantsEventStream(http: HttpRequest): boolean {
  return http.header('accept')?.includes('text/event-stream') === true;
}

/** What the client had seen before a break, at whichever gateway. @throws EdenError VALIDATION_FAILED */
export function lastEventId(http: HttpRequest): number | undefined {
  const id = http.header('last-event-id');
  if (id === undefined || id === '') return undefined;
  if (/^\d{1,9}$/.test(id)) return Number(id);
  throw validationError([{ path: 'Last-Event-ID', message: 'must be the id of an event of this run' }]);
}

/**
 * The run's history as a stream that ends with the run. Who comes back after its end and knows it all is told not to
 * come again.
 * @throws EdenError RATE_LIMITED, SERVICE_UNAVAILABLE when the organization or this process has too many streams
 */
export async function followRun(following: Following): Promise<EventStreamAnswer> {
  const { deps, run, after } = following;
  const organization = deps.store.organization(run.organizationUuid);
  if (isFinished(run.state) && (await organization.runEvents(run.uuid, after)).length === 0) return NOTHING_MORE;
  return { status: 200, body: null, events: eventsOf(following, deps.streams.enter(run.organizationUuid)) };
}

async function* eventsOf({ deps, http, run, after }: Following, leave: () => void) {
  const isStillWelcome = admission(deps, http);
  try {
    const follow = { runUuid: run.uuid, after, signal: http.signal };
    for await (const events of deps.store.followRun(run.organizationUuid, follow)) {
      if (!(await isStillWelcome())) return;
      yield events.map(serverSent);
    }
  } finally {
    leave();
  }
}

/** Looks at the token again now and then. Whoever is not welcome any more can ask again, and is told why. */
function admission(deps: GatewayDeps, http: HttpRequest): () => Promise<boolean> {
  let checkedAt = performance.now();
  return async () => {
    if (performance.now() - checkedAt < CHECK_EVERY_MS) return true;
    checkedAt = performance.now();
    return authenticate(deps, http).then(
      () => true,
      // A control database that is away for a moment says nothing against anybody.
      (error: unknown) => isEdenError(error) && error.retryable,
    );
  };
}

function serverSent(event: RunEvent): ServerSentEvent {
  return { id: event.sequence, type: event.type, data: viewRunEvent(event) };
}
