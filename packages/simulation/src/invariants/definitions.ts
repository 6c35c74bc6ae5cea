import type { ControlDatabase } from '../control/control-database.js';
import type { ApiRow } from '../control/tables.js';
import { valueOf } from '../workload/uuids.js';

interface Replaced {
  readonly migration: string | null;
  /** When the run that has replaced it had ended. */
  until: number;
}

/** By which definitions APIs may be executed: the one before its migration's as long as that has not ended. */
export class Definitions {
  private readonly current = new Map<string, number>();
  private readonly replaced = new Map<string, Map<number, Replaced>>();

  changed(control: ControlDatabase, was: ApiRow | null, is: ApiRow | null): void {
    const [before, after] = [definitionOf(was), definitionOf(is)];
    if (was === null || is === null || before === null || after === null || before === after) return;
    const members = [...control.table('memberships').values()];
    const migration = members.find(({ apiUuid, active }) => apiUuid === is.uuid && active)?.migrationUuid ?? null;
    const olds = this.replaced.get(is.uuid) ?? new Map<number, Replaced>();
    this.replaced.set(is.uuid, olds.set(before, { migration, until: Infinity }));
    olds.delete(after);
    this.current.set(is.uuid, after);
  }

  ended(migration: string, at: number): void {
    for (const olds of this.replaced.values()) {
      for (const old of olds.values()) if (old.migration === migration) old.until = Math.min(old.until, at);
    }
  }

  /** Whether it had been replaced for good before then. */
  wasOver(api: string, value: number, then: number): boolean {
    const old = this.replaced.get(api)?.get(value);
    return old !== undefined && old.until < then;
  }
}

function definitionOf(api: ApiRow | null): number | null {
  const [first] = api?.bindings ?? [];
  return first === undefined ? null : valueOf(first.templateUuid);
}
