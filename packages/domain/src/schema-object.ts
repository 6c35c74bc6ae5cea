import type { Uuid } from './ids.js';
import type { DatabaseIdentity } from './plan.js';

/** A table, column, index, constraint, view, function, … of a database, as its catalog tells of it. */
export interface SchemaObject {
  /** Kind and name, such as `column public.users.email`. */
  readonly object: string;
  /** The object that it comes and goes with. */
  readonly parent: string | null;
  /** All that is compared. */
  readonly text: string;
  /** What a person reads in place of that; null where there is no more. */
  readonly definition: string | null;
}

/** The schema of one database, as the last run of a migration has left it. */
export interface SchemaSnapshot {
  readonly database: Pick<DatabaseIdentity, 'key' | 'name'>;
  readonly endpointUuid: Uuid;
  readonly takenAt: Date;
  readonly objects: readonly SchemaObject[];
}

/** One that is to be kept. Null: it could not be read, and what was kept before is no longer true. */
export interface NewSchemaSnapshot extends Pick<SchemaSnapshot, 'database' | 'endpointUuid'> {
  readonly objects: readonly SchemaObject[] | null;
}

export interface SchemaChange {
  readonly object: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly before: string | null;
  readonly after: string | null;
}

/** By name. What comes and goes with another object that does is not told by itself. */
export function schemaChanges(
  before: readonly SchemaObject[],
  after: readonly SchemaObject[],
): readonly SchemaChange[] {
  const [old, now] = [byName(before), byName(after)];
  const removed = before.filter(({ object }) => !now.has(object)).filter((each) => !hasGone(each, old, now));
  const added = after.filter(({ object }) => !old.has(object)).filter((each) => !hasGone(each, now, old));
  const changed = after.flatMap((each): SchemaChange[] => {
    const earlier = old.get(each.object);
    return earlier === undefined || earlier.text === each.text ? [] : [changeOf(earlier, each)];
  });
  const all: SchemaChange[] = [
    ...removed.map((each) => ({ object: each.object, change: 'removed', before: shown(each), after: null }) as const),
    ...added.map((each) => ({ object: each.object, change: 'added', before: null, after: shown(each) }) as const),
    ...changed,
  ];
  return all.sort((a, b) => (a.object < b.object ? -1 : a.object > b.object ? 1 : 0));
}

type ByName = ReadonlyMap<string, SchemaObject>;

function byName(objects: readonly SchemaObject[]): ByName {
  return new Map(objects.map((each) => [each.object, each]));
}

/** Its parent is here and not there. */
function hasGone({ parent }: SchemaObject, here: ByName, there: ByName): boolean {
  return parent !== null && here.has(parent) && !there.has(parent);
}

/** What a person reads, where that shows the change. */
function changeOf(before: SchemaObject, after: SchemaObject): SchemaChange {
  const { object } = after;
  const isShown = before.definition !== null && after.definition !== null && before.definition !== after.definition;
  if (isShown) return { object, change: 'changed', before: before.definition, after: after.definition };
  return { object, change: 'changed', before: before.text, after: after.text };
}

function shown({ text, definition }: SchemaObject): string {
  return definition ?? text;
}
