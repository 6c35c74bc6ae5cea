import type { AtomicityClass, JsonObject, Statement, TargetAdapter } from '@eden/domain';
import type { ReplyPredicate, TcpProxy } from '@eden/testkit';

/** What the suite wants bounded, in its own words; each kind maps them to its limits. In milliseconds. */
export interface Bounds {
  /** For one connection attempt. */
  readonly connectMs: number;
  /** For one answer while settling. */
  readonly answerMs: number;
  /** For which a participant may neither be answered nor be seen at work. */
  readonly silenceMs: number;
  /** How long raising a fence waits for whoever holds it. */
  readonly fenceWaitMs: number;
}

/** The statements of the cases in the kind's language, about the table `item` with one column `id`. */
export interface Language {
  insert(id: number): Statement;
  /** Takes the insert back, in a step outside the transaction. Absent: the kind has no such steps. */
  remove?(id: number): Statement;
  /** Builds an index of `item` concurrently, in no transaction. Absent: the kind has no such statement. */
  buildIndex?(name: string): Statement;
  /** Gives rows `{ id }`, ascending. */
  readonly readAll: Statement;
  /** Excludes every other statement of the table, readers too, until the transaction ends. */
  readonly lockTable: Statement;
  /** Fails whenever it is tried. */
  readonly failing: Statement;
  /** Lasts longer than any test. */
  readonly slow: Statement;
  /** Lasts for four seconds, and gives one row. */
  readonly slowish: Statement;
  /** No statement of the language. */
  readonly notParsed: Statement;
  /** Would leave the transaction that it runs in. */
  readonly endsTransaction: Statement;
}

/** Which reply of a server is lost on its way. */
export type LostReply = 'prepare' | 'commitPrepared' | 'commit';

/** Let go of by `close`, which may be called twice. */
export interface HeldTable {
  close(): Promise<void>;
}

export interface IndexUnderTest {
  readonly name: string;
  /** False: its build was broken off. */
  readonly isValid: boolean;
}

/** A network that fails when it is told to. */
export type NetworkUnderTest = Pick<TcpProxy, 'port' | 'cut' | 'pause' | 'pauseOpen' | 'resume' | 'dropReply' | 'stop'>;

/** A new and empty database, and what only a stranger can see and do there. */
export interface DatabaseUnderTest {
  /** Where its server listens on this machine. */
  readonly port: number;
  /** Part of its configs; must stand in no description and no error. */
  readonly secret: string;
  /** The config of an endpoint that leads here by this way. */
  configAt(host: string, port: number): JsonObject;
  /** The table `item`, new and empty, its `id` unique; what a case that failed has left prepared is rolled back first. */
  freshTable(): Promise<void>;
  /** What is committed in `item`, ascending. */
  ids(): Promise<readonly number[]>;
  /** Does what `lockTable` does, from a session that is none of the service's. */
  holdTable(): Promise<HeldTable>;
  /** Has changed the table, from a session that is none of the service's, and does not say whether it commits. Absent: nothing of the kind waits for that. */
  holdChange?(): Promise<HeldTable>;
  /** Those of `item` that `buildIndex` has left, by their names. Absent where that is. */
  indexes?(): Promise<readonly IndexUnderTest[]>;
  /** How many sessions wait for a lock. */
  waiting(): Promise<number>;
  /** Ends all sessions of the service from outside and waits until they are gone. */
  endSessions(): Promise<void>;
}

/** A kind of target as it shows itself to the conformance suite. All else the suite asks of the port. */
export interface KindUnderTest {
  /** The column of the table that `npm run test:kinds` prints. */
  readonly name: string;
  /** What its servers promise, as the inspection has to say: `2pc` where they prepare. */
  readonly class: AtomicityClass;
  /** It has no server: the simulation's ports in memory, which have to do what servers do. */
  readonly isInMemory?: true;
  /** The way to a port of its databases that fails when it is told to; absent: a TCP proxy. */
  startNetwork?(port: number): Promise<NetworkUnderTest>;
  createAdapter(bounds: Bounds): TargetAdapter;
  /** Dropped at the end of the test file, which fails when a session or a prepared transaction was left in it. */
  createDatabase(): Promise<DatabaseUnderTest>;
  readonly language: Language;
  /** By what each reply is known on the wire. */
  readonly replies: Readonly<Record<LostReply, ReplyPredicate>>;
}
