import type { Uuid } from './ids.js';
import type { JsonValue } from './json.js';
import type { LintFinding, SilencedFinding, TextLint } from './lint.js';
import type { StepPhase } from './step-phase.js';
import type { SourceTool } from './source.js';

/** What a binding can promise (protocol I8), strongest first. */
export const ATOMICITY_CLASSES = ['2pc', 'one-phase', 'compensable', 'irreversible'] as const;
export type AtomicityClass = (typeof ATOMICITY_CLASSES)[number];

/** What several things can promise together; of none, everything. */
export function weakestClass(classes: readonly AtomicityClass[]): AtomicityClass {
  return classes.reduce((a, b) => (ATOMICITY_CLASSES.indexOf(a) > ATOMICITY_CLASSES.indexOf(b) ? a : b), '2pc');
}

export type AtomicityLevel = 'atomic' | 'compensated' | 'best effort';

/** A target database, known by itself and not by the endpoint that reaches it. Only its kind of target knows what the parts are made of. */
export interface DatabaseIdentity {
  /**
   * Its own id, which it keeps when it moves. A copy brings the id of its original along, until a sync finds that they
   * are two. A database that has no id of its own yet is known by its place: then both are equal.
   */
  readonly key: string;
  /** Where it is; another one after a dump and restore or an upgrade, and the same for a base backup. */
  readonly place: string;
  /** For people. */
  readonly name: string;
}

type Whereabouts = Pick<DatabaseIdentity, 'key' | 'place'>;

export function hasOwnId({ key, place }: Whereabouts): boolean {
  return key !== place;
}

/** By their ids, wherever they are; where one of them had none when it was looked at, by their places. */
export function isSameDatabase(a: Whereabouts, b: Whereabouts): boolean {
  if (a.key === b.key) return true;
  return a.place === b.place && !(hasOwnId(a) && hasOwnId(b));
}

/**
 * Total order of databases: in it, every run takes its locks. By their places first: who has looked at a database before
 * it had an id goes the same way as who looks now.
 */
export function compareDatabases(a: Whereabouts, b: Whereabouts): number {
  return compareTexts(a.place, b.place) || compareTexts(a.key, b.key);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * What a database of a run does in the atomic commit. `two-phase`: is prepared, and follows the decision of the control
 * database. `last-resource`: is not prepared, as it cannot be or as it is the only one; its own COMMIT is the decision. At
 * most one of a run. Whoever comes first here has the word in a run.
 */
export const PARTICIPANT_CLASSES = ['last-resource', 'two-phase'] as const;
export type ParticipantClass = (typeof PARTICIPANT_CLASSES)[number];

/** What a binding of a source runs. */
export interface PlannedFile {
  /** Id of the source. */
  readonly source: string;
  readonly file: string;
  readonly version: string;
  readonly sha256: string;
}

/** A value of an enum; its type is known by its name alone, without a schema. */
export interface EnumValue {
  readonly type: string;
  readonly value: string;
}

export interface UsedEnumValue extends EnumValue {
  /** Whether nothing else can be meant: a literal of that text may be one of another type. */
  readonly isCertain: boolean;
}

/** Why a file of a source cannot run before an earlier one has been committed: it uses a value that is new to its enum. */
export interface PlannedAfter extends UsedEnumValue {
  readonly file: string;
  readonly version: string;
}

/** The history that a source's plan was made from. */
export interface PlannedSource {
  readonly source: Uuid;
  readonly tool: SourceTool;
  /** Schema and table of the history, for people. */
  readonly history: string;
  /** Of what the history held; a participant that finds another one changes nothing. */
  readonly fingerprint: string;
  /** Versions that count as applied and are noted as such first. */
  readonly baseline: readonly string[];
  /** Versions that the history held already though the folder has none of them, or has them behind what is pending. */
  readonly known: readonly string[];
  /** Versions that had been applied before and run again. */
  readonly reruns: readonly string[];
  /** Versions that are pending too and run later, by migrations of their own; plans from before there were any have none. */
  readonly deferred?: readonly string[];
}

/** How a binding is run outside the migration's transaction. */
export interface PlannedOutside {
  readonly phase: StepPhase;
  /** What takes it back, for people; null where nothing does. */
  readonly undo: string | null;
}

/** What a rehearsal has seen of a binding. */
export interface RehearsedBinding {
  readonly rows: number;
  readonly executionTimeMs: number;
}

/** A lock that a rehearsal has taken on a table. */
export interface RehearsedLock {
  /** Schema and table. */
  readonly object: string;
  /** In the words of its server. */
  readonly mode: string;
  /** Template or file that has taken it. */
  readonly step: string;
  /** From before that step to the last vote, when the migration would commit. */
  readonly heldMs: number;
}

export interface RehearsedDatabase {
  readonly key: string;
  readonly locks: readonly RehearsedLock[];
  /** What its server has written into its log meanwhile, for whomever; null of a kind that does not tell. */
  readonly walBytes: number | null;
  /** Of its vote: PREPARE, where it is prepared. */
  readonly voteMs: number;
}

/** Everything in the plan was run in transactions, and taken back. */
export interface Rehearsal {
  readonly at: string;
  /** How long the gates were closed, and executions of these APIs would have waited. */
  readonly gatesClosedMs: number;
  /** In the order of the plan. */
  readonly databases: readonly RehearsedDatabase[];
}

export interface PlannedBinding {
  /** Null for a file of a source. */
  readonly template: Uuid | null;
  /** Id of the template, or path of the file. */
  readonly templateId: string;
  readonly templateVersion: number;
  readonly endpoint: Uuid;
  readonly endpointId: string;
  readonly endpointVersion: number;
  /** As rendered at sync; values known only at run time stand as their names. */
  readonly statements: readonly string[];
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly class: AtomicityClass;
  readonly findings: readonly LintFinding[];
  /** Absent: none. */
  readonly silenced?: readonly SilencedFinding[];
  /** While the plan is made: what of it counts is known at the end. */
  readonly lint?: TextLint;
  readonly estimatedRows: number | null;
  readonly file?: PlannedFile;
  readonly after?: PlannedAfter;
  /** Absent: it is part of the transaction. */
  readonly outside?: PlannedOutside;
  /** Absent: it was not rehearsed. */
  readonly rehearsed?: RehearsedBinding;
  /** A file whose CONCURRENTLY is left out. */
  readonly isInline?: true;
}

export interface PlannedApi {
  readonly api: Uuid;
  readonly apiId: string;
  readonly stage: number;
  readonly position: number;
  readonly bindings: readonly PlannedBinding[];
  /** Of the API of a source. */
  readonly source?: PlannedSource;
}

export interface PlannedDatabase {
  readonly identity: DatabaseIdentity;
  /** The endpoint that participants and recovery connect through. */
  readonly endpoint: Uuid;
  /** Further endpoints of the migration that lead to it; absent: none, or the plan is from before they were noted. */
  readonly others?: readonly Uuid[];
  readonly role: string;
  readonly serverVersion: string;
  /** Hash of the schema outside `_eden` when the plan was made: relations, functions, triggers, policies, types. */
  readonly schemaFingerprint: string;
  /** APIs whose executions read this database, before or after the migration: their gates are closed here. */
  readonly gates: readonly Uuid[];
  readonly class: ParticipantClass;
  /** Why it is the last resource; plans from before there were reasons have none. */
  readonly reason?: string;
  /** What may cut a run short there, or make it wait; plans from before there were any have none. */
  readonly findings?: readonly LintFinding[];
}

/** What one of several migrations runs. */
export type PlannedPart = readonly PlannedBinding[];

/** What sync found and migrate will do. */
export interface Plan {
  readonly hash: string;
  readonly revision: number;
  readonly atomicity: AtomicityLevel;
  readonly apis: readonly PlannedApi[];
  readonly databases: readonly PlannedDatabase[];
  /**
   * Files of the same folders that cannot commit together with these: what the next migrations of the folders run, one after
   * the other. Absent where one migration does it all.
   */
  readonly laterParts?: readonly PlannedPart[];
  /** Of the plan as a whole, and not part of the hash. Absent: none. */
  readonly findings?: readonly LintFinding[];
  /** Not part of the hash. */
  readonly rehearsal?: Rehearsal;
  readonly createdAt: string;
}

/** A rule that a comment has taken out of force, as the history of the sync and the audit have it. */
export interface SilencedStep {
  readonly api: string;
  /** Template or file. */
  readonly step: string;
  readonly rule: string;
  readonly reason: string;
}

/** The plan has all of them. */
const MOST_SILENCED = 100;

/** What the history of a sync says of its plan. */
export function planSummary({ hash, apis, laterParts = [] }: Plan): {
  readonly plan_hash: string;
  readonly silenced?: readonly SilencedStep[];
} {
  const later = laterParts.map((bindings) => ({ apiId: 'later', bindings }));
  const silenced = [...apis, ...later].flatMap(({ apiId: api, bindings }) =>
    bindings.flatMap(({ templateId: step, silenced: all = [] }) =>
      all.map(({ rule, reason }): SilencedStep => ({ api, step, rule, reason })),
    ),
  );
  return { plan_hash: hash, ...(silenced.length === 0 ? {} : { silenced: silenced.slice(0, MOST_SILENCED) }) };
}
