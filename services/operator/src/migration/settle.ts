import type { Connection, VerboseMigration } from '@eden/client';
import {
  act,
  decideDefinitions,
  decideRelease,
  hasSteps,
  needsOutlook,
  newestFirst,
  NOTHING_SEEN,
  reachEndpoints,
  readActual,
  requestPlan,
  type Actual,
  type Desired,
  type Outlook,
  type ReleaseDecision,
} from '@eden/reconcile';

/** Each round looks again; a person or a pipeline may be changing the same things. */
const MOST_ROUNDS = 5;

export interface Settled {
  readonly decision: ReleaseDecision;
  /** The newest release; undefined: the decision makes the first. */
  readonly current: VerboseMigration | undefined;
}

/** The newest release of the line; null when there is none yet. */
export async function lookAtLine(connection: Connection, desired: Desired): Promise<VerboseMigration | null> {
  const { releases } = await readActual(connection, { ...desired, endpoints: [], templates: [], apis: [] });
  return newestFirst(desired.line, releases)[0] ?? null;
}

/**
 * Brings endpoints, APIs and the release to what is wanted, step by step. Null when they do not come to rest.
 * @param hasRunAll Whether the files as they are have been run by the newest release already: then they are not sent for a look.
 * @throws ApiError, UnreachableError
 */
export async function settle(
  connection: Connection,
  desired: Desired,
  { hasRunAll }: { readonly hasRunAll: boolean },
): Promise<Settled | null> {
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const actual = await readActual(connection, desired);
    const definitions = decideDefinitions(desired, actual);
    // Sources are looked at through their endpoints, so those come first.
    const outlook = definitions.length > 0 || hasRunAll ? NOTHING_SEEN : await lookAhead(connection, desired, actual);
    const decision = decideRelease(desired, actual, outlook);
    const actions = definitions.length > 0 ? definitions : decision.kind === 'migrate' ? decision.actions : [];
    if (decision.kind === 'watch' || actions.length === 0) {
      return { decision, current: newestFirst(desired.line, actual.releases)[0] };
    }
    for (const action of actions) await act(connection, action);
  }
  return null;
}

async function lookAhead(connection: Connection, desired: Desired, actual: Actual): Promise<Outlook> {
  if (!needsOutlook(desired, actual)) return NOTHING_SEEN;
  await reachEndpoints(connection, desired.endpoints);
  const { sources, parameters, options } = desired;
  return { hasPendingFiles: hasSteps(await requestPlan(connection, { sources, parameters, options })) };
}
