import type { HeldLock, LockMode, LockResource } from '@eden/domain';
import { resourceName } from '../names.js';

/** Knows who is inside which resource, and that no writer ever shares one (protocol I1). */
export class ExclusionChecker {
  private readonly inside = new Map<string, LockMode[]>();
  private entries = 0;

  /** How many were inside so far. */
  get count(): number {
    return this.entries;
  }

  /** Does `work` under the lock and releases it. @throws when anybody is inside who must not be. */
  async within(held: HeldLock, resources: readonly LockResource[], work: () => Promise<unknown>): Promise<void> {
    const names = [...new Set(resources.map(resourceName))];
    for (const name of names) this.enter(name, held.mode);
    try {
      await work();
      if (held.signal.aborted) throw new Error('the lock was lost meanwhile');
    } finally {
      for (const name of names) this.leave(name, held.mode);
      await held.release();
    }
  }

  private enter(name: string, mode: LockMode): void {
    const others = this.inside.get(name) ?? [];
    this.entries += 1;
    this.inside.set(name, [...others, mode]);
    const alone = others.length === 0;
    if (!alone && (mode === 'write' || others.includes('write'))) {
      throw new Error(`${mode} of ${name} while inside: ${others.join(', ')}`);
    }
  }

  private leave(name: string, mode: LockMode): void {
    const modes = this.inside.get(name) ?? [];
    modes.splice(modes.indexOf(mode), 1);
  }
}
