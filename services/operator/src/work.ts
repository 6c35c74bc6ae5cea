import type { OperatorContext } from './context.js';
import { describeFailure, isConflict } from './kubernetes/errors.js';
import { watchKind } from './kubernetes/watch.js';
import { WorkQueue, type Again, type QueueTiming } from './queue/work-queue.js';
import { reconcileApproval } from './reconcile/reconcile-approval.js';
import { reconcileConnection } from './reconcile/reconcile-connection.js';
import { reconcileMigration } from './reconcile/reconcile-migration.js';
import { conditionOf } from './resources/conditions.js';
import { idOf, References, type ObjectId } from './references.js';
import type { Kind, ObjectKey, Resource } from './resources/objects.js';
import { PLURALS } from './resources/objects.js';

/** All that a leader does. */
export interface Work {
  /** Looks at no more objects, and ends the looks under way. */
  stop(): Promise<void>;
}

const CONCURRENCY = 4;
const TIMING: QueueTiming = {
  firstProgressMs: 300,
  longestProgressMs: 5_000,
  firstBackoffMs: 500,
  longestBackoffMs: 60_000,
};
/** Read it again, and see whether the step is still the right one. */
const AT_ONCE: Again = { after: 'delay', ms: 50 };

const KINDS = Object.keys(PLURALS) as Kind[];

/** Watches the three kinds and looks at each object when it, or what it names, changes, and once in `resyncMs`. */
export function startWork(context: OperatorContext): Work {
  const { kubeConfig, namespace, telemetry, resyncMs, deps } = context;
  const references = new References();
  const queue = new WorkQueue({ handle: (id) => look(context, id), concurrency: CONCURRENCY, timing: TIMING });
  const stopping = new AbortController();
  const hear = new Changes(references, queue, (kind, stalled) => telemetry.stalledObserved(kind, stalled));
  const watches = KINDS.map((kind) =>
    watchKind(
      {
        cluster: deps.cluster,
        config: kubeConfig,
        kind,
        namespace,
        onListed: (objects) => hear.listed(kind, objects),
        onObject: (object) => hear.changed(object),
        onGone: (object) => hear.gone(idOf(object)),
        onInterruption: (reason) => telemetry.watchInterrupted(kind, reason),
      },
      stopping.signal,
    ),
  );
  const rounds = setInterval(() => references.known.forEach((id) => queue.add(id)), resyncMs);
  return {
    stop: async () => {
      clearInterval(rounds);
      stopping.abort();
      await Promise.all([queue.stop(), ...watches]);
    },
  };
}

/** What the watches tell, turned into looks. */
export class Changes {
  /** Of each object, what it was when it was last looked at for a change: a status that we have written is none. */
  private readonly seen = new Map<string, string>();
  private readonly stalled = new Set<ObjectId>();

  /** @param onStalled Told how many objects of a kind wait for a person. */
  constructor(
    private readonly references: References,
    private readonly queue: Pick<WorkQueue, 'add' | 'forget'>,
    private readonly onStalled: (kind: Kind, objects: number) => void = () => undefined,
  ) {}

  /** All of a kind that are there: what has gone while nobody watched is told of by its absence. */
  listed(kind: Kind, objects: readonly Resource[]): void {
    const there = new Set(objects.map(idOf));
    const known = this.references.known.filter((id) => id.startsWith(`${kind}/`));
    for (const id of known) if (!there.has(id)) this.gone(id);
    for (const object of objects) this.changed(object);
    this.countStalled(kind);
  }

  changed(object: Resource): void {
    const id = idOf(object);
    this.noteStalled(object);
    const state = stateOf(object);
    if (this.seen.get(id) === state) return;
    this.seen.set(id, state);
    this.references.note(object);
    for (const each of [id, ...this.references.concernedBy(id)]) this.queue.add(each);
  }

  gone(id: ObjectId): void {
    const concerned = this.references.concernedBy(id);
    this.seen.delete(id);
    if (this.stalled.delete(id)) this.countStalled(kindOf(id));
    this.references.forget(id);
    this.queue.forget(id);
    for (const each of concerned) this.queue.add(each);
  }

  private noteStalled(object: Resource): void {
    const id = idOf(object);
    const isStalled = conditionOf(object.status?.conditions, 'Stalled')?.status === 'True';
    if (isStalled === this.stalled.has(id)) return;
    if (isStalled) this.stalled.add(id);
    else this.stalled.delete(id);
    this.countStalled(object.kind);
  }

  private countStalled(kind: Kind): void {
    this.onStalled(kind, [...this.stalled].filter((id) => kindOf(id) === kind).length);
  }
}

function kindOf(id: ObjectId): Kind {
  return id.slice(0, id.indexOf('/')) as Kind;
}

/** What others, or we ourselves, act on. A phase or a message is for people. */
function stateOf({ metadata, status = {} }: Resource): string {
  const { uid, generation, deletionTimestamp, finalizers } = metadata;
  const { specHash, planHash } = status as { specHash?: string; planHash?: string };
  const ready = status.conditions?.find(({ type }) => type === 'Ready')?.status;
  return JSON.stringify([uid, generation, deletionTimestamp, finalizers, specHash, planHash, ready]);
}

async function look(context: OperatorContext, id: string): Promise<Again> {
  const { telemetry } = context;
  const [kind, namespace = '', name = ''] = id.split('/') as [Kind, string, string];
  const startedAt = performance.now();
  const tell = (result: 'ok' | 'conflict' | 'error'): void =>
    telemetry.reconciled(kind, result, performance.now() - startedAt);
  try {
    const again = await reconcile(context, kind, { namespace, name });
    tell('ok');
    return again;
  } catch (error) {
    const isStale = isConflict(error);
    tell(isStale ? 'conflict' : 'error');
    if (!isStale) telemetry.log.warn('look failed', { kind, namespace, name, reason: describeFailure(error) });
    return isStale ? AT_ONCE : { after: 'backoff' };
  }
}

function reconcile(context: OperatorContext, kind: Kind, key: ObjectKey): Promise<Again> {
  switch (kind) {
    case 'EdenConnection':
      return reconcileConnection(context.deps, key);
    case 'EdenMigration':
      return reconcileMigration(context.deps, key);
    case 'EdenMigrationApproval':
      return reconcileApproval(context.deps, key);
  }
}
