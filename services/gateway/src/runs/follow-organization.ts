import type { OrganizationChange, Subject } from '@eden/domain';
import { hasLevel, levelOn, validationError } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import type { EventStreamAnswer, ServerSentEvent } from '../http/event-stream.js';
import type { HttpRequest } from '../http/http-request.js';
import { viewOrganizationChange } from '../views/organization-event.js';
import { admission } from './admission.js';

interface Following {
  readonly deps: GatewayDeps;
  readonly http: HttpRequest;
  readonly subject: Subject;
  /** Null: only what changes from now on. */
  readonly since: Date | null;
}

/** What the client had heard of before a break, at whichever gateway: a time, in milliseconds. @throws EdenError VALIDATION_FAILED */
export function lastMoment(http: HttpRequest): Date | null {
  const id = http.header('last-event-id');
  if (id === undefined || id === '') return null;
  if (/^\d{1,15}$/.test(id)) return new Date(Number(id));
  throw validationError([{ path: 'Last-Event-ID', message: 'must be the id of an event of this stream' }]);
}

/**
 * Whatever moves in the organization and the subject may read, until the client or its token ends. Who comes back hears of some
 * things again.
 * @throws EdenError RATE_LIMITED, SERVICE_UNAVAILABLE when the organization or this process has too many streams
 */
export async function followOrganization(following: Following): Promise<EventStreamAnswer> {
  const { deps, subject } = following;
  const leave = await deps.streams.enter(subject.organizationUuid);
  const events = eventsOf(following, leave);
  // Whoever is answered reads anew what they show: from that moment on nothing is missed.
  const first = await events.next();
  return { status: 200, body: null, events: first.done === true ? events : resumed(first.value, events) };
}

/** Ends the rest also for whoever leaves at the first. */
async function* resumed<Batch>(first: Batch, rest: AsyncGenerator<Batch>): AsyncGenerator<Batch> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

async function* eventsOf({ deps, http, subject, since }: Following, leave: () => void) {
  const admitted = admission(deps, http, subject);
  try {
    const follow = { since, signal: http.signal };
    for await (const changes of deps.store.followOrganization(subject.organizationUuid, follow)) {
      const reader = await admitted();
      if (reader === null) return;
      yield changes.filter(({ migrationUuid }) => hasLevel(levelOn(reader, migrationUuid), 'Read')).map(serverSent);
    }
  } finally {
    leave();
  }
}

function serverSent(change: OrganizationChange): ServerSentEvent {
  const data = viewOrganizationChange(change);
  return { id: change.at.getTime(), type: data.type, data };
}
