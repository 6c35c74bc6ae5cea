import { EdenError, gateVerdict, hasLevel, levelOn, requireLevelOn, requireScope } from '@eden/domain';
import type { GateGoal, GateStanding, LimitedKind, Ref, Subject, Uuid } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import type { HttpRequest } from '../http/http-request.js';
import { authenticate } from '../identity/authenticate.js';
import { GATE_VISITORS } from '../permissions.js';
import { viewGate } from '../views/hook.js';

interface Request {
  readonly deps: GatewayDeps;
  readonly http: HttpRequest;
  readonly count: (organizationUuid: Uuid, kind: LimitedKind) => Promise<void>;
}

interface GateWish {
  readonly for: GateGoal;
  /** Seconds. */
  readonly wait: number;
  readonly missing?: 'wait';
  readonly ticket?: string;
}

/** Who may ask: a ticket is for one migration, everybody else has a level on each. */
type Visitor = { readonly organizationUuid: Uuid } & (
  { readonly subject: Subject } | { readonly subject: null; readonly migrationUuid: Uuid }
);

const MS_PER_SECOND = 1000;

/**
 * Answers as soon as the migration is where it should be, or cannot get there any more; else that it is not there yet,
 * when the wait is over or this gateway drains. Any replica may be asked, each time another one.
 * @throws EdenError AUTHENTICATION_REQUIRED, INSUFFICIENT_PERMISSIONS, MIGRATION_NOT_FOUND, GATE_CLOSED, RATE_LIMITED
 */
export async function passGate(request: Request, ref: Ref, wish: GateWish) {
  const { deps, http } = request;
  const visitor = await admit(request, wish.ticket);
  const { organizationUuid } = visitor;
  // However long they want to wait: a gate that is open answers at once.
  await request.count(organizationUuid, 'gate');
  const isOver = (standing: GateStanding | null): boolean =>
    standing === null
      ? wish.missing !== 'wait'
      : gateVerdict(standing, wish.for) !== 'waiting' || !isWelcome(visitor, standing);
  const leave = wish.wait === 0 ? () => undefined : await deps.gates.enter(organizationUuid);
  try {
    const timeoutMs = wish.wait * MS_PER_SECOND;
    const question = { organizationUuid, ref, isOver, timeoutMs, signal: http.signal };
    return answer(visitor, ref, wish, await deps.store.waitAtGate(question));
  } finally {
    leave();
  }
}

async function admit({ deps, http }: Request, ticket: string | undefined): Promise<Visitor> {
  if (ticket !== undefined) return { ...deps.tickets.verify(ticket), subject: null };
  const { subject } = await authenticate(deps, http);
  http.belongsTo(subject.organizationId);
  requireScope(subject, GATE_VISITORS);
  return { organizationUuid: subject.organizationUuid, subject };
}

function isWelcome(visitor: Visitor, { migrationUuid }: GateStanding): boolean {
  if (visitor.subject === null) return visitor.migrationUuid === migrationUuid;
  return hasLevel(levelOn(visitor.subject, migrationUuid), GATE_VISITORS.level);
}

/** @throws EdenError AUTHENTICATION_REQUIRED, INSUFFICIENT_PERMISSIONS */
function assertWelcome(visitor: Visitor, { migrationUuid }: GateStanding): void {
  if (visitor.subject !== null) requireLevelOn(visitor.subject, migrationUuid, GATE_VISITORS.level);
  else if (visitor.migrationUuid !== migrationUuid) throw new EdenError('AUTHENTICATION_REQUIRED');
}

function answer(visitor: Visitor, ref: Ref, wish: GateWish, standing: GateStanding | null) {
  if (standing === null && wish.missing !== 'wait') throw notFound(ref);
  if (standing !== null) assertWelcome(visitor, standing);
  const verdict = standing === null ? 'waiting' : gateVerdict(standing, wish.for);
  const view = viewGate(standing);
  if (verdict === 'closed') throw closed(view);
  return { status: verdict === 'open' ? 200 : 202, body: { status: 'success' as const, ...view } };
}

function closed(view: ReturnType<typeof viewGate>): EdenError {
  const suggestion = 'See why its run has ended; a new sync or migrate opens the gate again';
  return new EdenError('GATE_CLOSED', { ...view, suggestion });
}

/** In the words of every other route. */
function notFound(ref: Ref): EdenError {
  const suggestion = 'Verify migration exists in your organization, or wait for it with missing=wait';
  return new EdenError('MIGRATION_NOT_FOUND', { migration_id: ref, suggestion });
}
