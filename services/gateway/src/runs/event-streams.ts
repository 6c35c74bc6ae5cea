import type { Uuid } from '@eden/domain';
import { EdenError } from '@eden/domain';

/** Each holds a connection and a place among the listeners for as long as its client likes. */
const LIMITS: StreamLimits = { ofProcess: 200, ofOrganization: 50 };

export interface StreamLimits {
  readonly ofProcess: number;
  /** Less than that of the process, so that no organization takes all places. */
  readonly ofOrganization: number;
}

/** Counts the event streams of this process, so that those who only watch leave room for those who work, and for each other. */
export class EventStreams {
  private readonly open = new Map<Uuid, number>();
  private all = 0;

  constructor(private readonly limits = LIMITS) {}

  /** @returns the way to leave. @throws EdenError RATE_LIMITED, SERVICE_UNAVAILABLE when there are too many */
  enter(organization: Uuid): () => void {
    const { ofProcess, ofOrganization } = this.limits;
    if (this.countOf(organization) >= ofOrganization) {
      throw new EdenError('RATE_LIMITED', { details: `The organization follows ${ofOrganization} event streams here` });
    }
    if (this.all >= ofProcess) {
      throw new EdenError('SERVICE_UNAVAILABLE', { details: `This gateway serves ${ofProcess} event streams already` });
    }
    this.count(organization, 1);
    return () => this.count(organization, -1);
  }

  private countOf(organization: Uuid): number {
    return this.open.get(organization) ?? 0;
  }

  private count(organization: Uuid, change: number): void {
    const open = this.countOf(organization) + change;
    if (open === 0) this.open.delete(organization);
    else this.open.set(organization, open);
    this.all += change;
  }
}
