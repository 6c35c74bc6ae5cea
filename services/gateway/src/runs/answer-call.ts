import { callHook } from '@eden/coordinator';
import type { HookAction, Ref, Subject, Uuid } from '@eden/domain';
import { NO_GRANTS, asUuid } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import type { Answer } from '../http/answer.js';
import { data, goesOn } from '../http/answer.js';
import type { HttpRequest } from '../http/http-request.js';
import { checkKey, once, requestHash } from '../http/idempotency.js';
import { originOf } from '../identity/audit-request.js';
import type { HookPrincipal } from '../identity/authenticate-hook.js';

interface Request {
  readonly deps: GatewayDeps;
  readonly http: HttpRequest;
}

interface Call {
  readonly migration: Ref;
  readonly action: HookAction;
}

/** What is kept of an answer: its ticket is made anew, and is the same. */
type Kept = { readonly run: string; readonly migration: string; readonly at: string };

/** Answers a signed call, at once: its run goes on behind it, also while the queue is away. */
export async function answerCall(request: Request, principal: HookPrincipal, call: Call) {
  const { status, body } = await answerOnce(request, principal, call);
  const { run, migration, at } = body;
  const hooked = { run: asUuid(run), gate: gateOf(request, principal, { migration: asUuid(migration), at }) };
  return status === 202 ? goesOn(hooked, 'accepted', hooked.run) : data(hooked);
}

/** Whoever signs anew for each try may send the same Idempotency-Key instead of the same signature. */
async function answerOnce({ deps, http }: Request, principal: HookPrincipal, call: Call): Promise<Answer<Kept>> {
  const { caller, digest } = principal;
  const work = async (): Promise<Answer<Kept>> => {
    const { run, answer } = await callHook(deps, { caller, digest, ...call, origin: originOf(http) });
    return {
      status: answer.status,
      body: { run: run.uuid, migration: run.migrationUuid, at: answer.at.toISOString() },
    };
  };
  const key = http.header('idempotency-key');
  if (key === undefined) return work();
  checkKey(key);
  const hash = requestHash('POST', 'hook', { ...call });
  return (await once(deps.store.idempotency, { subject: subjectOf(principal), key, hash, http }, work)) as Answer<Kept>;
}

/** To whom the key belongs. */
function subjectOf({ caller }: HookPrincipal): Subject {
  const { organizationUuid, organizationId, hook } = caller;
  const level = { level: 'Admin', grants: NO_GRANTS, scopes: null } as const;
  return { organizationUuid, organizationId, userUuid: hook.uuid, username: hook.id, ...level };
}

function gateOf(
  { deps, http }: Request,
  { caller: { organizationUuid } }: HookPrincipal,
  { migration, at }: { readonly migration: Uuid; readonly at: string },
): string {
  const ticket = deps.tickets.issue({ organizationUuid, migrationUuid: migration }, new Date(at));
  return `${http.origin}/api/v1/migrations/${migration}/gate?for=completed&wait=60&ticket=${ticket}`;
}
