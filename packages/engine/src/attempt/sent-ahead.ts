import { isDeepStrictEqual } from 'node:util';
import type {
  AheadStatement,
  JsonObject,
  JsonValue,
  NoticePlace,
  ParticipantSession,
  Statement,
  StatementResult,
} from '@eden/domain';
import { bindOperations, limitsOf, lookupIn, needsRows, resolveMigrationFields } from '@eden/work';
import type { WorkBinding } from '@eden/work';
import type { EngineDeps } from '../deps.js';

/** Statements that are on their way to a database at once. */
const MOST_STATEMENTS = 64;

/** Of their texts and values, in UTF-16 units: what is longer goes by itself, and little is rendered in vain. */
const MOST_LENGTH = 256 * 1024;

/** A binding as it comes in the order of its group; null: something that is no binding comes between two of them. */
export interface Upcoming {
  readonly binding: WorkBinding;
  readonly session: ParticipantSession;
  /** Its number. */
  readonly participant: number;
  readonly place: NoticePlace;
}

/** A binding's statement that was sent before its turn had come. An object, because who is given a bare promise waits for it. */
export interface Sent {
  readonly answer: Promise<StatementResult>;
}

/**
 * Sends the statements of bindings that follow one another in one participant without waiting for the answers in between. Each
 * binding is still run in its turn, with the answer that was sent for in place of its first try. Nothing is sent behind a
 * binding that gives something to those behind it, or expects something of its answer, before that is known.
 */
export class SentAhead {
  private sent: ReadonlyMap<WorkBinding, Sent> = new Map();
  private readonly positionOf: ReadonlyMap<WorkBinding, number>;
  /** Those that take nothing ahead. */
  private readonly unable = new Set<ParticipantSession>();

  constructor(
    private readonly deps: Pick<EngineDeps, 'templates'>,
    private readonly upcoming: readonly (Upcoming | null)[],
    private readonly begins: (upcoming: Upcoming) => void,
  ) {
    this.positionOf = new Map(
      upcoming.flatMap((each, position) => (each === null ? [] : [[each.binding, position] as const])),
    );
  }

  /** Of the binding whose turn it is; null where its statement is still to be sent. */
  async take(binding: WorkBinding, sources: readonly JsonObject[]): Promise<Sent | null> {
    const position = this.positionOf.get(binding);
    if (position !== undefined && !this.sent.has(binding)) await this.send(position, sources);
    return this.sent.get(binding) ?? null;
  }

  private async send(first: number, sources: readonly JsonObject[]): Promise<void> {
    const session = this.upcoming[first]?.session;
    if (session === undefined || this.unable.has(session)) return;
    const together = this.together(first, sources);
    if (together.length < 2) return;
    const answers = await session.sendAhead(together.map(({ ahead }) => ahead));
    if (answers.length === 0) this.unable.add(session);
    const sent = new Map(answers.map((answer, at) => [bindingAt(together, at), { answer }] as const));
    this.sent = sent;
    // What was sent behind one that fails has not been done.
    const forget = (behind: readonly Together[]): void => behind.forEach(({ binding }) => sent.delete(binding));
    for (const [at, answer] of answers.entries()) answer.catch(() => forget(together.slice(at + 1)));
  }

  private together(first: number, sources: readonly JsonObject[]): readonly Together[] {
    const candidates = candidatesIn(this.upcoming.slice(first, first + MOST_STATEMENTS));
    const together: Together[] = [];
    if (candidates.length < 2) return together;
    let length = 0;
    for (const upcoming of candidates) {
      const next = this.aheadOf(upcoming, sources);
      length += next === null ? 0 : lengthOf(next.ahead.statement);
      if (next === null || length > MOST_LENGTH) break;
      together.push(next);
    }
    return together;
  }

  /** Null for what is more than one statement, or cannot be made one: it says so when its turn has come. */
  private aheadOf(upcoming: Upcoming, sources: readonly JsonObject[]): Together | null {
    const { binding } = upcoming;
    const statement = this.statementOf(binding, sources);
    if (statement === null) return null;
    const limits = limitsOf(binding.settings);
    const wanted = needsRows(binding.settings) ? limits : ({ ...limits, rows: 'discard' } as const);
    return { binding, ahead: { statement, limits: wanted, begins: () => this.begins(upcoming) } };
  }

  private statementOf(binding: WorkBinding, sources: readonly JsonObject[]): AheadStatement['statement'] | null {
    const { values } = resolveMigrationFields(binding.binding.fields, lookupIn(sources));
    try {
      const [only, ...others] = bindOperations(this.deps.templates, binding, values);
      if (only === undefined || only.batch !== null || others.length > 0) return null;
      const statement = only.render();
      // A text as somebody has written it may steer, and takes its time to be read.
      return statement.syntax === 'sql' ? null : statement;
    } catch {
      return null;
    }
  }
}

interface Together {
  readonly binding: WorkBinding;
  readonly ahead: AheadStatement;
}

function bindingAt(together: readonly Together[], at: number): WorkBinding {
  const found = together[at];
  if (found === undefined) throw new TypeError('an answer to what was not sent');
  return found.binding;
}

/** Those that may follow the first one without its answer, as far as can be told before they are rendered. */
function candidatesIn([first, ...others]: readonly (Upcoming | null)[]): readonly Upcoming[] {
  if (first == null) return [];
  const candidates = [first];
  for (const next of others) {
    if (next === null || isWaitedFor(candidates.at(-1) ?? first) || !fits(next, first)) break;
    candidates.push(next);
  }
  return candidates;
}

function fits({ binding, session }: Upcoming, first: Upcoming): boolean {
  return session === first.session && isDeepStrictEqual(limitsOf(binding.settings), limitsOf(first.binding.settings));
}

function isWaitedFor({ binding: { settings } }: Upcoming): boolean {
  return settings.expect !== undefined || Object.keys(settings.outputs ?? {}).length > 0;
}

function lengthOf({ text, params }: Statement): number {
  return params.reduce<number>((sum, value) => sum + lengthOfValue(value), text.length);
}

function lengthOfValue(value: JsonValue): number {
  return typeof value === 'string' ? value.length : JSON.stringify(value).length;
}
