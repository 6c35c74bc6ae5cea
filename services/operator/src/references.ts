import type { EdenMigration, EdenMigrationApproval, Resource } from './resources/objects.js';

/** `<kind>/<namespace>/<name>`. */
export type ObjectId = string;

export function idOf({ kind, metadata }: Pick<Resource, 'kind' | 'metadata'>): ObjectId {
  return [kind, metadata.namespace, metadata.name].join('/');
}

/** Which objects name which: whose look depends on what another one says. */
export class References {
  private readonly named = new Map<ObjectId, readonly ObjectId[]>();
  /** The same the other way round: a change among thousands of objects looks at those that it concerns. */
  private readonly naming = new Map<ObjectId, Set<ObjectId>>();

  get known(): readonly ObjectId[] {
    return [...this.named.keys()];
  }

  note(object: Resource): void {
    const id = idOf(object);
    this.forget(id);
    const names = namedBy(object);
    this.named.set(id, names);
    for (const name of names) this.naming.set(name, (this.naming.get(name) ?? new Set()).add(id));
  }

  forget(id: ObjectId): void {
    for (const name of this.named.get(id) ?? []) {
      const others = this.naming.get(name);
      others?.delete(id);
      if (others?.size === 0) this.naming.delete(name);
    }
    this.named.delete(id);
  }

  /** Those that name this one, and the migration that an approval tells of itself. */
  concernedBy(id: ObjectId): ObjectId[] {
    const told = id.startsWith('EdenMigrationApproval/') ? (this.named.get(id) ?? []) : [];
    return [...(this.naming.get(id) ?? []), ...told.filter((name) => name.startsWith('EdenMigration/'))];
  }
}

function namedBy(object: Resource): ObjectId[] {
  const { namespace } = object.metadata;
  const { connectionRef } = object.spec as Partial<EdenMigration['spec']>;
  const connection = connectionRef === undefined ? [] : [`EdenConnection/${namespace}/${connectionRef.name}`];
  return object.kind === 'EdenMigrationApproval'
    ? [...connection, migrationOf(object as EdenMigrationApproval)]
    : connection;
}

function migrationOf({ metadata, spec }: EdenMigrationApproval): ObjectId {
  return `EdenMigration/${metadata.namespace}/${spec.migrationRef.name}`;
}
