import type { AtomicityClass, AtomicityLevel, Preparing, Ref, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';

export interface EndpointTest {
  readonly connected: true;
  readonly latencyMs: number;
  readonly serverVersion: string;
  /** What a migration over this endpoint and others like it can promise. */
  readonly atomicity: AtomicityLevel;
  readonly preparing: Preparing;
}

/**
 * By class of the endpoint. One `one-phase` database alone would still be atomic, as the last resource of a run;
 * of an endpoint by itself we only promise what also holds beside others.
 */
const LEVELS: Readonly<Record<AtomicityClass, AtomicityLevel>> = {
  '2pc': 'atomic',
  'one-phase': 'best effort',
  compensable: 'compensated',
  irreversible: 'best effort',
};

/** Connects to an endpoint. @throws EdenError ENDPOINT_NOT_FOUND, ENDPOINT_UNAVAILABLE */
export async function testEndpoint(deps: CoordinatorDeps, subject: Subject, ref: Ref): Promise<EndpointTest> {
  const endpoint = await deps.store.organization(subject.organizationUuid).endpoint(ref);
  const adapter = deps.targets.adapter(endpoint.kind);
  const report = await adapter.inspect(endpoint);
  const { preparing } = await adapter.survey(endpoint);
  return {
    connected: true,
    latencyMs: report.latencyMs,
    serverVersion: report.serverVersion,
    atomicity: LEVELS[report.class],
    preparing,
  };
}
