import { loadWorkerConfig } from '../../packages/config/dist/index.js';
import { consumeRun } from '../../packages/engine/dist/index.js';
import { createContext } from '../../services/worker/dist/context.js';

/** The worker's own way through a run, in this process: the control database, the lock and the targets, but no queue. */
export class InProcess {
  constructor(context, deps) {
    this.context = context;
    this.deps = deps;
  }

  /** Without `twoPhase` every participant just commits, one after the other: the same engine without its promise. */
  static open(env, { maxParallel, twoPhase }) {
    const context = createContext(loadWorkerConfig(env));
    const { targets, run } = context.deps;
    return new InProcess(context, {
      ...context.deps,
      run: { ...run, maxParallel },
      targets: twoPhase ? targets : { adapter: (kind) => committing(targets.adapter(kind)) },
    });
  }

  async consume(runUuid) {
    const { kind } = await consumeRun(this.deps, runUuid, new AbortController().signal);
    if (kind !== 'done') throw new Error(`the run ${runUuid} is to be tried ${kind}`);
  }

  close() {
    return this.context.close();
  }
}

/** Commits where the engine asks for the PREPARE; what it then asks for has been done. */
function committing(adapter) {
  const openParticipant = async (endpoint, spec) => {
    const session = await adapter.openParticipant(endpoint, spec);
    const prepare = async () => {
      await session.recordOutcome();
      await session.commit();
    };
    const commitPrepared = () => Promise.resolve('committed');
    return new Proxy(session, { get: (_, name) => ({ prepare, commitPrepared })[name] ?? bound(session, name) });
  };
  return new Proxy(adapter, { get: (_, name) => ({ openParticipant })[name] ?? bound(adapter, name) });
}

function bound(object, name) {
  return typeof object[name] === 'function' ? object[name].bind(object) : object[name];
}
