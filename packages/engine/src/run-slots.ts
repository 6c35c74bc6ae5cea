import { WAITS_FOR_SLOT } from '@eden/domain';
import type { JobOutcome, Uuid } from '@eden/domain';
import type { EngineDeps } from './deps.js';
import { jitter } from './control/pacing.js';

/** A run that has to wait comes again after so much for each one put off before it, so that about ten ask in a second. */
const PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

interface Share {
  /** Runs in hand. */
  taken: number;
  /** Runs put off since the last one was taken. */
  putOff: number;
}

/**
 * The runs that one worker has in hand at once, shared out by organization: none has more than half of them, so that runs
 * that wait for a silent target leave slots to those of others. A run beyond that comes again later, to this worker or
 * another one; nothing of it has been claimed.
 */
export class RunSlots {
  private readonly shares = new Map<Uuid, Share>();
  private readonly most: number;

  constructor(
    private readonly deps: Pick<EngineDeps, 'journal' | 'chance'>,
    slots: number,
  ) {
    this.most = Math.ceil(slots / 2);
  }

  /** Does `consume` where the run's organization has a slot left. */
  async share(runUuid: Uuid, consume: () => Promise<JobOutcome>): Promise<JobOutcome> {
    const organization = await this.deps.journal.organizationOf(runUuid);
    if (organization === null) return { kind: 'done' };
    const share = this.shares.get(organization) ?? { taken: 0, putOff: 0 };
    if (share.taken >= this.most) return this.putOff(runUuid, share);
    share.taken += 1;
    share.putOff = 0;
    this.shares.set(organization, share);
    try {
      return await consume();
    } finally {
      share.taken -= 1;
      if (share.taken === 0) this.shares.delete(organization);
    }
  }

  private async putOff(runUuid: Uuid, share: Share): Promise<JobOutcome> {
    share.putOff += 1;
    await this.deps.journal.noteQueued(runUuid, WAITS_FOR_SLOT);
    return { kind: 'later', delayMs: jitter(this.deps, Math.min(LONGEST_PAUSE_MS, PAUSE_MS * share.putOff)) };
  }
}
