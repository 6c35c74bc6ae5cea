import type { Run, RunEvent, Subject } from '@eden/domain';
import { hasLevel, isFinished, levelOn, validationError } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import type { EventStreamAnswer, ServerSentEvent } from '../http/event-stream.js';
import { NOTHING_MORE } from '../http/event-stream.js';
import type { HttpRequest } from '../http/http-request.js';
import { viewRunEvent } from '../views/run.js';
import { admission } from './admission.js';

interface Following {
  readonly deps: GatewayDeps;
  readonly http: HttpRequest;
  readonly subject: Subject;
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
  return { status: 200, body: null, events: eventsOf(following, await deps.streams.enter(run.organizationUuid)) };
}

async function* eventsOf({ deps, http, subject, run, after }: Following, leave: () => void) {
  const admitted = admission(deps, http, subject);
  try {
    const follow = { runUuid: run.uuid, after, signal: http.signal };
    for await (const events of deps.store.followRun(run.organizationUuid, follow)) {
      const reader = await admitted();
      if (reader === null || !hasLevel(levelOn(reader, run.migrationUuid), 'Read')) return;
      yield events.map(serverSent);
    }
  } finally {
    leave();
  }
}

function serverSent(event: RunEvent): ServerSentEvent {
  return { id: event.sequence, type: event.type, data: viewRunEvent(event) };
}
