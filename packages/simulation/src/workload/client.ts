import {
  addApiToMigration,
  cancelRun,
  deleteApi,
  deleteMigration,
  executeApi,
  putSource,
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
  addressOf,
  allEndpointsOf,
  definitionFor,
  endpointsOf,
  migrationBindings,
  outsideStepsOf,
  outsideTexts,
  plannedApi,
  readingEndpointsOf,
  readStatement,
  say,
  stepStatement,
} from './catalog.js';
import { apiUuid, endpointUuid, migrationUuid, outsideTemplate, readTemplate, stepTemplate } from './uuids.js';
import { nextFolder } from './folders.js';
import { deleteWithTemplates } from './deletions.js';
import { Pace } from './pace.js';
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
  /** Of texts of migrations, counted over all of them. */
  private stepRevision = 1;
  /** How often a person has had the steps of a run tried again. */
  private readonly retried = new Set<string>();
  /** How many files a folder has. */
  private readonly files = new Map<number, number>();
  executions = 0;
  isStopped = false;
  private readonly pace: Pace;

  constructor(
    private readonly world: World,
    private readonly gateways: () => readonly Gateway[],
  ) {
    this.pace = new Pace(world, (words, work) => this.request(words, work));
  }

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
      this.acts[action.kind](migration, action.target);
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

  /** A person looks at the runs that are in doubt, and ends them; steps are tried once more before. */
  resolveDoubts(): void {
    for (const { uuid, state, migrationUuid: of, error } of this.world.control.table('runs').values()) {
      if (state !== 'in_doubt') continue;
      const isOfSteps = error?.code.startsWith('STEP_') === true;
      const decided = error?.context['decided'] === true ? 'commit' : 'abort';
      const decision = isOfSteps && !this.retried.has(uuid) ? 'retry' : decided;
      this.retried.add(uuid);
      this.request('resolve', (deps) => resolveRun(deps, SUBJECT, of, { decision, reason: 'looked at' }));
    }
  }

  /** Nor is anything paused for ever. */
  resumePaused(): void {
    this.pace.resumePaused();
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

  private readonly acts: Readonly<Record<PlannedAction['kind'], (migration: number, target: number) => void>> = {
    sync: (migration) => this.requestRun(migration, 'sync'),
    migrate: (migration) => this.requestRun(migration, 'migrate'),
    rollback: (migration) => this.requestRun(migration, 'rollback'),
    cancel: (migration, target) => this.changeMigration(migration, 'cancel', target),
    'update migration': (migration, target) => this.changeMigration(migration, 'update migration', target),
    'delete migration': (migration, target) => this.changeMigration(migration, 'delete migration', target),
    'update template': (_, target) => this.updateReadTemplate(target),
    'break template': (_, target) => this.changeStep(target, true),
    'mend template': (_, target) => this.changeStep(target, false),
    'break step': (_, target) => this.changeOutsideStep(target, true),
    'mend step': (_, target) => this.changeOutsideStep(target, false),
    'update rollback': (_, target) => this.updateRollback(target),
    'update endpoint': (_, target) => this.updateEndpoint(target),
    'delete endpoint': (_, target) => this.deleteEndpoint(target),
    'put source': (migration, target) => this.putSource(migration, target),
    pause: (migration) => this.pace.pause(migration),
    resume: (migration) => this.pace.resume(migration),
    tune: (migration, target) => this.pace.tune(migration, target),
    'update api': (migration, target) => this.changeApi(migration, 'update api', target),
    'detach api': (migration, target) => this.changeApi(migration, 'detach api', target),
    'attach api': (migration, target) => this.changeApi(migration, 'attach api', target),
    'delete api': (migration, target) => this.changeApi(migration, 'delete api', target),
  };

  private requestRun(migration: number, kind: RunKind): void {
    const request = { kind, overrides: {} };
    this.request(`${kind} of migration ${migration}`, (deps) =>
      requestRun(deps, SUBJECT, migrationUuid(migration), request),
    );
  }

  private changeMigration(
    migration: number,
    kind: 'cancel' | 'update migration' | 'delete migration',
    target: number,
  ): void {
    const ref = migrationUuid(migration);
    if (kind === 'delete migration')
      return this.request(`deletion of migration ${migration}`, (deps) => deleteMigration(deps, SUBJECT, ref));
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
    const [place] = readingEndpointsOf(plan, planned);
    if (place === undefined) return;
    const { endpoint, isElsewhere } = place;
    const value = target % 2 === 0 ? 0 : planned.bindings;
    const key = `${apiUuid(api)}/${addresses.get(`address-${endpoint}`)?.name ?? ''}/${value}`;
    const revision = (this.revisions.get(key) ?? 1) + 1;
    this.revisions.set(key, revision);
    const body = say(readStatement(api, value, revision, isElsewhere));
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
    const step = { by: 1, binding: 0, revision: (this.stepRevision += 1) };
    const body = say(isBroken ? { op: 'fail' } : stepStatement(api, endpoint, step));
    const words = `${isBroken ? 'breaking' : 'mending'} a step of api ${api}`;
    this.request(words, (deps) => updateTemplate(deps, SUBJECT, stepTemplate(api, endpoint, 0), { body }));
  }

  private changeOutsideStep(target: number, isBroken: boolean): void {
    const { plan } = this.world;
    const all = plan.apis.flatMap((planned, api) => {
      const [endpoint] = endpointsOf(plan, planned);
      return endpoint === undefined ? [] : outsideStepsOf(plan, api).map((binding) => ({ api, endpoint, binding }));
    });
    const step = all[target % Math.max(1, all.length)];
    if (step === undefined) return;
    const { api, endpoint, binding } = step;
    const { body } = outsideTexts(plan, step, isBroken);
    this.request(`${isBroken ? 'breaking' : 'mending'} a step outside`, (deps) =>
      updateTemplate(deps, SUBJECT, outsideTemplate(api, endpoint, binding), { body }),
    );
  }

  private putSource(migration: number, target: number): void {
    const put = nextFolder(this.world.plan, { migration, target }, this.files);
    if (put === null) return;
    const place = { migration: migrationUuid(migration), source: put.source };
    this.request(`${put.source} with ${put.command.files.length} files`, (deps) =>
      putSource(deps, SUBJECT, place, put.command),
    );
  }

  private updateRollback(target: number): void {
    const { plan } = this.world;
    const api = this.apiFor(target);
    const [endpoint] = endpointsOf(plan, plannedApi(plan, api));
    if (endpoint === undefined) return;
    const step = { by: -1, binding: 0, revision: (this.stepRevision += 1) };
    const settings = { rollback: say(stepStatement(api, endpoint, step)) };
    this.request(`update of a rollback of api ${api}`, (deps) =>
      updateTemplate(deps, SUBJECT, stepTemplate(api, endpoint, 0), { settings }),
    );
  }

  private updateEndpoint(target: number): void {
    const { plan } = this.world;
    const all = allEndpointsOf(plan);
    const endpoint = all[target % all.length];
    if (endpoint === undefined) return;
    const config = { address: addressOf(endpoint), note: target };
    this.request(`update of endpoint ${endpoint}`, (deps) =>
      updateEndpoint(deps, SUBJECT, endpointUuid(endpoint), { config }),
    );
  }

  /** With the templates that lead to it, where nothing uses them any more. */
  private deleteEndpoint(target: number): void {
    const all = allEndpointsOf(this.world.plan);
    const endpoint = all[target % all.length];
    if (endpoint === undefined) return;
    this.request(`deletion of endpoint ${endpoint}`, (deps) => deleteWithTemplates(deps, this.world, endpoint));
  }

  private changeApi(
    migration: number,
    kind: 'update api' | 'detach api' | 'attach api' | 'delete api',
    target: number,
  ): void {
    const { plan } = this.world;
    const api = this.apiFor(target);
    const [ref, uuid] = [migrationUuid(migration), apiUuid(api)];
    const words = `${kind}: api ${api}, migration ${migration}`;
    if (kind === 'update api') {
      const field = { name: `f${target}`, type: 'String', required: false } as const;
      return this.request(words, (deps) => updateApi(deps, SUBJECT, uuid, { fields: [field] }));
    }
    if (kind === 'delete api') return this.request(words, (deps) => deleteApi(deps, SUBJECT, uuid));
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
    const startedAt = this.world.scheduler.now;
    try {
      const answer = await executeApi(deps, SUBJECT, apiUuid(api), {});
      this.executions += 1;
      const sightings = Object.values(answer).flatMap((each) => (each as unknown as { rows: Sighting[] }).rows);
      this.world.observer.executed({ sightings, acknowledged, startedAt });
    } catch (error) {
      this.world.failed(`reader of api ${api}`, error);
    }
  }
}

function inputsOf(bindings: readonly Binding[]) {
  return bindings.map(({ templateUuid: template, fields }) => ({ template, fields }));
}
