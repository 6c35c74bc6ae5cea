import {
  addApiToMigration,
  cancelRun,
  executeApi,
  removeApiFromMigration,
  requestRun,
  resolveRun,
  updateApi,
  updateEndpoint,
  updateMigration,
  updateTemplate,
  type CoordinatorDeps,
} from '@eden/coordinator';
import type { Binding, RunKind } from '@eden/domain';
import { isFinished } from '@eden/domain';
import type { Process } from '../schedule/process.js';
import type { Sighting } from '../targets/statements.js';
import { SUBJECT, type World } from '../world.js';
import {
  apiUuid,
  definitionFor,
  endpointsOf,
  endpointUuid,
  migrationBindings,
  migrationUuid,
  plannedApi,
  readStatement,
  readTemplate,
  stepStatement,
  stepTemplate,
} from './catalog.js';
import type { PlannedAction } from './plan.js';

/** A gateway that is up, and what its use cases are given. */
export interface Gateway {
  readonly process: Process;
  readonly deps: CoordinatorDeps;
}

/** Those who use the service: whoever runs migrations and changes what they are made of, and those who call APIs. */
export class Client {
  /** Revisions of read templates that somebody was told of, by `<api>/<database>/<value>`. */
  private readonly acknowledged = new Map<string, number>();
  private readonly revisions = new Map<string, number>();
  /** Keys of which nobody knows the revision: their changes overlapped, or one of them had no answer. */
  private readonly uncertain = new Set<string>();
  private readonly changing = new Set<string>();
  executions = 0;
  isStopped = false;

  constructor(
    private readonly world: World,
    private readonly gateways: () => readonly Gateway[],
  ) {}

  /** One action after the other. */
  play(migration: number, script: readonly PlannedAction[], done: () => void): void {
    const [action, ...rest] = script;
    if (action === undefined) {
      done();
      return;
    }
    this.world.scheduler.schedule(action.afterMs, () => {
      if (action.waits && !this.isIdle(migration)) {
        this.play(migration, [{ ...action, afterMs: 300 }, ...rest], done);
        return;
      }
      this.act(migration, action);
      this.play(migration, rest, done);
    });
  }

  /** Calls an API again and again, at whichever gateway is up. */
  read(api: number): void {
    if (this.isStopped) return;
    const { world } = this;
    const [everyMs, patienceMs] = [world.random.between(100, 2_000), 15_000];
    let isOver = false;
    const next = (): void => {
      if (isOver) return;
      isOver = true;
      world.scheduler.schedule(everyMs, () => this.read(api));
    };
    world.scheduler.schedule(patienceMs, next);
    const gateway = this.anyGateway();
    if (gateway === null) next();
    else gateway.process.deliver(world.network.latency(), () => void this.execute(gateway, api).then(next));
  }

  /** A person looks at the runs that are in doubt, and ends them. */
  resolveDoubts(): void {
    for (const { state, migrationUuid: of, error } of this.world.control.table('runs').values()) {
      if (state !== 'in_doubt') continue;
      const decision = error?.context['decided'] === true ? 'commit' : 'abort';
      this.request('resolve', (deps) => resolveRun(deps, SUBJECT, of, { decision, reason: 'looked at' }));
    }
  }

  private isIdle(migration: number): boolean {
    const runs = [...this.world.control.table('runs').values()];
    return runs.every((run) => run.migrationUuid !== migrationUuid(migration) || isFinished(run.state));
  }

  private anyGateway(): Gateway | null {
    const up = this.gateways().filter(({ process }) => process.isUp);
    return up.length === 0 ? null : this.world.random.pick(up);
  }

  private request<T>(
    words: string,
    work: (deps: CoordinatorDeps) => Promise<T>,
    told: (value: T) => void = () => undefined,
  ): void {
    const gateway = this.anyGateway();
    if (gateway === null) return;
    const { process, deps } = gateway;
    this.world.tell('client', () => `asks ${process.name} for: ${words}`);
    process.deliver(this.world.network.latency(), () => {
      work(deps).then(
        (value) => {
          this.world.tell('client', () => `${words}: accepted`);
          told(value);
        },
        (error: unknown) => this.world.failed(`client (${words})`, error),
      );
    });
  }

  private act(migration: number, { kind, target }: PlannedAction): void {
    if (kind === 'sync' || kind === 'migrate' || kind === 'rollback') return this.requestRun(migration, kind);
    if (kind === 'cancel' || kind === 'update migration') return this.changeMigration(migration, kind, target);
    if (kind === 'update template') return this.updateReadTemplate(target);
    if (kind === 'break template' || kind === 'mend template')
      return this.changeStep(target, kind === 'break template');
    if (kind === 'update endpoint') return this.updateEndpoint(target);
    this.changeApi(migration, kind, target);
  }

  private requestRun(migration: number, kind: RunKind): void {
    const request = { kind, overrides: {} };
    this.request(`${kind} of migration ${migration}`, (deps) =>
      requestRun(deps, SUBJECT, migrationUuid(migration), request),
    );
  }

  private changeMigration(migration: number, kind: 'cancel' | 'update migration', target: number): void {
    const ref = migrationUuid(migration);
    if (kind === 'cancel')
      return this.request(`cancel of migration ${migration}`, (deps) => cancelRun(deps, SUBJECT, ref));
    const changes = { parameters: { target } };
    this.request(`update of migration ${migration}`, (deps) => updateMigration(deps, SUBJECT, ref, changes));
  }

  private apiFor(target: number): number {
    return target % this.world.plan.apis.length;
  }

  private updateReadTemplate(target: number): void {
    const { plan, addresses } = this.world;
    const api = this.apiFor(target);
    const planned = plannedApi(plan, api);
    const [endpoint] = endpointsOf(plan, planned);
    if (endpoint === undefined) return;
    const value = target % 2 === 0 ? 0 : planned.bindings;
    const key = `${apiUuid(api)}/${addresses.get(`address-${endpoint}`)?.name ?? ''}/${value}`;
    const revision = (this.revisions.get(key) ?? 1) + 1;
    this.revisions.set(key, revision);
    const body = { query: JSON.stringify(readStatement(api, value, revision)) };
    // Until there is an answer; and for good, where another change is on its way already.
    if (this.changing.has(key)) this.uncertain.add(key);
    this.changing.add(key);
    this.request(
      `update of a read template of api ${api}`,
      (deps) => updateTemplate(deps, SUBJECT, readTemplate(api, endpoint, value), { body }),
      () => this.acknowledge(key, revision),
    );
  }

  private acknowledge(key: string, revision: number): void {
    this.changing.delete(key);
    if (!this.uncertain.has(key)) this.acknowledged.set(key, revision);
  }

  private changeStep(target: number, isBroken: boolean): void {
    const { plan } = this.world;
    const api = this.apiFor(target);
    const endpoint = endpointsOf(plan, plannedApi(plan, api)).at(-1);
    if (endpoint === undefined) return;
    const query = JSON.stringify(isBroken ? { op: 'fail' } : stepStatement(api, endpoint, 1, 0));
    const words = `${isBroken ? 'breaking' : 'mending'} a step of api ${api}`;
    this.request(words, (deps) => updateTemplate(deps, SUBJECT, stepTemplate(api, endpoint, 0), { body: { query } }));
  }

  private updateEndpoint(target: number): void {
    const { plan } = this.world;
    const all = [...new Set(plan.apis.flatMap((api) => endpointsOf(plan, api)))];
    const endpoint = all[target % all.length];
    if (endpoint === undefined) return;
    const config = { address: `address-${endpoint}`, note: target };
    this.request(`update of endpoint ${endpoint}`, (deps) =>
      updateEndpoint(deps, SUBJECT, endpointUuid(endpoint), { config }),
    );
  }

  private changeApi(migration: number, kind: 'update api' | 'detach api' | 'attach api', target: number): void {
    const { plan } = this.world;
    const api = this.apiFor(target);
    const [ref, uuid] = [migrationUuid(migration), apiUuid(api)];
    const words = `${kind}: api ${api}, migration ${migration}`;
    if (kind === 'update api') {
      const field = { name: `f${target}`, type: 'String', required: false } as const;
      return this.request(words, (deps) => updateApi(deps, SUBJECT, uuid, { fields: [field] }));
    }
    if (kind === 'detach api') {
      return this.request(words, (deps) => removeApiFromMigration(deps, SUBJECT, ref, uuid));
    }
    const planned = plannedApi(plan, api);
    const next = { bindings: inputsOf(definitionFor(plan, api, planned.bindings)) };
    const command = { api: uuid, bindings: inputsOf(migrationBindings(plan, api)), stage: planned.stage, next };
    if (planned.migration !== migration) return;
    this.request(words, (deps) => addApiToMigration(deps, SUBJECT, ref, command));
  }

  private async execute({ deps }: Gateway, api: number): Promise<void> {
    const acknowledged = new Map([...this.acknowledged].filter(([key]) => !this.uncertain.has(key)));
    try {
      const answer = await executeApi(deps, SUBJECT, apiUuid(api), {});
      this.executions += 1;
      const sightings = Object.values(answer).flatMap((each) => (each as unknown as { rows: Sighting[] }).rows);
      this.world.observer.executed({ sightings, acknowledged });
    } catch (error) {
      this.world.failed(`reader of api ${api}`, error);
    }
  }
}

function inputsOf(bindings: readonly Binding[]) {
  return bindings.map(({ templateUuid: template, fields }) => ({ template, fields }));
}
