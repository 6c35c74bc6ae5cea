import type { Statement, TargetAdapter } from '@eden/domain';
import type { ReplyPredicate } from '@eden/testkit';
import type {
  Bounds,
  DatabaseUnderTest,
  HeldTable,
  KindUnderTest,
  NetworkUnderTest,
} from '../../../targets/src/testing/conformance/kind-under-test.js';
import { CALM, Network } from '../schedule/network.js';
import { Process } from '../schedule/process.js';
import { Random } from '../schedule/random.js';
import { Scheduler } from '../schedule/scheduler.js';
import { SILENT } from '../schedule/story.js';
import { execute } from '../targets/procedures.js';
import { targetsOf } from '../targets/target-adapter.js';
import type { TargetStatement } from '../targets/statements.js';
import { TargetDatabase, type TargetWatch } from '../targets/target-database.js';
import { TargetSession } from '../targets/target-session.js';
import { FragileLink } from './fragile-link.js';
import { PacedScheduler } from './paced-scheduler.js';

const nothing = (): void => undefined;
const NOBODY: TargetWatch = { prepared: nothing, committed: nothing, rolledBack: nothing };
const HELD_MS = 60_000;
/** Ports below it are those of databases. */
const FIRST_LINK = 1_000;

const statement = (parsed: TargetStatement): Statement => ({ text: JSON.stringify(parsed), params: [] });
const repliesTo = (request: RegExp) => (reply: Buffer) => request.test(reply.toString());

/** The targets of the simulation as the conformance suite sees a kind, and how they are stopped. */
export interface SimulatedKind extends KindUnderTest {
  stop(): Promise<void>;
}

/** @param broken Guards that are taken away */
export function simulatedKind(broken: ReadonlySet<string> = new Set()): SimulatedKind {
  const servers = new Servers(broken);
  return {
    name: 'the targets of the simulation',
    class: '2pc',
    isInMemory: true,
    createAdapter: (bounds) => servers.adapter(bounds),
    createDatabase: () => Promise.resolve(servers.database()),
    startNetwork: (port) => Promise.resolve(servers.link(port)),
    language: {
      insert: (id) => statement({ op: 'insert', id }),
      remove: (id) => statement({ op: 'remove', id }),
      buildIndex: (index) => statement({ op: 'build', index, at: '' }),
      readAll: statement({ op: 'list' }),
      lockTable: statement({ op: 'lock' }),
      failing: statement({ op: 'fail' }),
      slow: statement({ op: 'pause', ms: 3_600_000 }),
      slowish: statement({ op: 'pause', ms: 1_000 }),
      notParsed: { text: 'SELEC 1', params: [] },
      endsTransaction: { text: 'COMMIT', params: [] },
    },
    replies: {
      prepare: repliesTo(/^target\.prepare$/),
      commitPrepared: repliesTo(/^target\.commitPrepared/),
      commit: repliesTo(/^target\.commit$/),
    },
    stop: () => servers.stop(),
  };
}

/** All databases of one suite, and the processes that use them. */
class Servers {
  private readonly scheduler = new Scheduler();
  private readonly random = new Random(1);
  private readonly network: Network;
  private readonly pace: PacedScheduler;
  private readonly databases: TargetDatabase[] = [];
  private readonly addresses = new Map<string, TargetDatabase>();
  private readonly links = new Map<string, FragileLink>();
  private processes = 0;
  private lost: { readonly matches: ReplyPredicate; readonly done: () => void } | null = null;

  constructor(private readonly broken: ReadonlySet<string>) {
    this.network = new Network(
      this.scheduler,
      this.random.fork(),
      (_, request, phase) => this.strike(request, phase),
      SILENT,
    );
    this.network.weather = CALM;
    this.pace = new PacedScheduler(this.scheduler);
  }

  stop(): Promise<void> {
    return this.pace.stop();
  }

  adapter({ silenceMs, fenceWaitMs }: Bounds): TargetAdapter {
    const { network, addresses, broken, links } = this;
    const process = new Process(this.scheduler, `process-${(this.processes += 1)}`, this.random.fork(), 1);
    return targetsOf({ network, process, addresses, broken, links, silenceMs, fenceWaitMs }).adapter('Postgres');
  }

  database(): DatabaseUnderTest {
    const name = `db${this.databases.length}`;
    const database = new TargetDatabase({ name, place: `server-${name}`, canPrepare: true }, this.scheduler, NOBODY);
    const port = this.databases.push(database);
    this.addresses.set(addressAt(port), database);
    return underTest(database, port);
  }

  /** At a port of its own. */
  link(port: number): NetworkUnderTest {
    const database = this.addresses.get(addressAt(port));
    if (database === undefined) throw new RangeError(`nobody listens on ${port}`);
    const ownPort = FIRST_LINK + this.links.size;
    const link = new FragileLink(ownPort, (matches) => this.loseReply(matches));
    this.links.set(addressAt(ownPort), link);
    this.addresses.set(addressAt(ownPort), database);
    return link;
  }

  private loseReply(matches: ReplyPredicate): Promise<void> {
    return new Promise((done) => {
      this.lost = { matches, done };
    });
  }

  private strike(request: string, phase: string): boolean {
    const message = Buffer.from(request);
    if (phase !== 'done' || this.lost?.matches(message, message) !== true) return false;
    this.lost.done();
    this.lost = null;
    return true;
  }
}

function underTest(database: TargetDatabase, port: number): DatabaseUnderTest {
  return {
    port,
    secret: 'none',
    configAt: (_, at) => ({ address: addressAt(at) }),
    freshTable: () => {
      for (const gid of [...database.prepared.keys()]) database.rollbackPrepared(gid, 'nobody');
      database.items.clear();
      database.indexes.clear();
      return Promise.resolve();
    },
    ids: () => Promise.resolve([...database.items].sort((a, b) => a - b)),
    holdTable: () => hold(database, 'lock'),
    holdChange: () => hold(database, 'list'),
    indexes: () => Promise.resolve([...database.indexes].map(([name, { isValid }]) => ({ name, isValid }))),
    waiting: () => Promise.resolve([...database.sessions].filter(({ isWaiting }) => isWaiting).length),
    endSessions: () => {
      for (const session of [...database.sessions]) if (session.application.startsWith('eden')) session.end();
      return Promise.resolve();
    },
  };
}

function hold(database: TargetDatabase, op: 'lock' | 'list'): Promise<HeldTable> {
  const session = new TargetSession(database, 'stranger');
  session.begin('stranger');
  const limits = { readOnly: false, lockTimeoutMs: HELD_MS, timeoutMs: HELD_MS };
  return new Promise((resolve, reject) => {
    session.perform(execute(session, JSON.stringify({ op }), limits), (outcome) => {
      if ('error' in outcome) reject(outcome.error as Error);
      else resolve({ close: () => Promise.resolve(session.end()) });
    });
  });
}

function addressAt(port: number): string {
  return `address-${port}`;
}
