import type { AccessLevel, Endpoint, Ref, Subject, Uuid } from '@eden/domain';
import { asUuid, requireLevel, requireLevelOn, requireScope } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import type { PlanRequest } from './plan-request.js';

/** The endpoints that a plan is about: those that it brings along, and those that are stored. */
export class PlanEndpoints {
  private constructor(
    private readonly deps: CoordinatorDeps,
    private readonly subject: Subject,
    private readonly given: ReadonlyMap<string, Endpoint>,
  ) {}

  /** To let the service connect somewhere is for those who may make endpoints. @throws EdenError INSUFFICIENT_PERMISSIONS */
  static of(deps: CoordinatorDeps, subject: Subject, { endpoints }: PlanRequest): PlanEndpoints {
    if (endpoints.length > 0) assertMayMakeEndpoints(subject);
    const now = deps.clock.now();
    const { organizationUuid } = subject;
    const made = endpoints.map(({ id, kind, config }): Endpoint => ({
      ...{ id, kind, organizationUuid },
      uuid: asUuid(deps.chance.uuid()),
      config: deps.targets.checkConfig(kind, config, organizationUuid),
      ...{ description: null, version: 0, database: null, createdAt: now, updatedAt: now },
    }));
    return new PlanEndpoints(deps, subject, new Map(made.map((endpoint) => [endpoint.id, endpoint])));
  }

  /**
   * @param level Wanted on one that is stored.
   * @throws EdenError ENDPOINT_NOT_FOUND, INSUFFICIENT_PERMISSIONS
   */
  async named(ref: Ref, level: AccessLevel): Promise<Endpoint> {
    const given = this.given.get(ref);
    if (given !== undefined) return given;
    const stored = await this.deps.store.organization(this.subject.organizationUuid).endpoint(ref);
    requireLevelOn(this.subject, stored.uuid, level);
    return stored;
  }

  async byUuid(uuids: readonly Uuid[]): Promise<ReadonlyMap<Uuid, Endpoint>> {
    const given = [...this.given.values()];
    const known = new Set(given.map(({ uuid }) => uuid));
    const others = [...new Set(uuids)].filter((uuid) => !known.has(uuid));
    const stored = await this.deps.store.organization(this.subject.organizationUuid).endpointsByUuid(others);
    return new Map([...stored, ...given.map((endpoint) => [endpoint.uuid, endpoint] as const)]);
  }

  /** Ends the connections to those that are not stored. */
  async forget(): Promise<void> {
    await Promise.all([...this.given.values()].map(({ kind, uuid }) => this.deps.targets.adapter(kind).forget(uuid)));
  }
}

/** A key that only reads makes the service connect nowhere. */
function assertMayMakeEndpoints(subject: Subject): void {
  requireLevel(subject, 'Admin');
  requireScope(subject, { scopes: ['migrate'], level: 'Admin' });
}
