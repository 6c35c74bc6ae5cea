import { asUuid, NO_GRANTS, type GrantLevel, type Grants, type Uuid } from '@eden/domain';
import type pg from 'pg';
import { translated } from './client.js';

interface Known {
  readonly version: string;
  readonly grants: Promise<Grants>;
}

interface GrantRow {
  readonly resource_uuid: string;
  readonly level: GrantLevel;
}

const OF_USER = 'SELECT resource_uuid, level FROM resource_grants WHERE user_uuid = $1';

/** Subjects whose grants are kept at most; the one that has been away longest goes first. */
const MOST_SUBJECTS = 10_000;

/**
 * The grants of those who call this gateway. Every request reads the version of its subject's grants, which each change
 * of them replaces in its own transaction: what is kept is used for that version only, and never for a moment longer.
 */
export class GrantCache {
  private readonly known = new Map<Uuid, Known>();

  constructor(private readonly pool: pg.Pool) {}

  /** At least as new as the version. @throws EdenError SERVICE_UNAVAILABLE */
  of(userUuid: Uuid, version: string | null): Promise<Grants> | Grants {
    if (version === null) return NO_GRANTS;
    const known = this.known.get(userUuid);
    if (known?.version === version) return known.grants;
    const grants = this.read(userUuid);
    this.keep(userUuid, { version, grants });
    return grants;
  }

  private keep(userUuid: Uuid, known: Known): void {
    // Deleted first, so that the map's order is the order of use.
    this.known.delete(userUuid);
    this.known.set(userUuid, known);
    const [idlest = userUuid] = this.known.keys();
    if (this.known.size > MOST_SUBJECTS) this.known.delete(idlest);
    known.grants.catch(() => {
      if (this.known.get(userUuid) === known) this.known.delete(userUuid);
    });
  }

  private async read(userUuid: Uuid): Promise<Grants> {
    const query = { name: 'grants-of-a-subject', text: OF_USER, values: [userUuid] };
    const { rows } = await translated(() => this.pool.query<GrantRow>(query), null);
    return new Map(rows.map(({ resource_uuid: resource, level }) => [asUuid(resource), level]));
  }
}
