import type { LimitPort, OpenKind, Uuid } from '@eden/domain';
import { EdenError } from '@eden/domain';

export interface OpenRequestLimits {
  readonly kind: OpenKind;
  readonly ofProcess: number;
  /** Over all gateways; less than that of the process, so that no organization takes all places. */
  readonly ofOrganization: number;
}

/** Each holds a connection and a place among the listeners for as long as its client likes. */
export const EVENT_STREAM_LIMITS: OpenRequestLimits = { kind: 'stream', ofProcess: 200, ofOrganization: 50 };

/** Each holds a connection; thousands share their queries. */
export const GATE_LIMITS: OpenRequestLimits = { kind: 'waiting gate', ofProcess: 10_000, ofOrganization: 5_000 };

/** Each reads the control database for as long as its client likes to read. */
export const EXPORT_LIMITS: OpenRequestLimits = { kind: 'export', ofProcess: 20, ofOrganization: 4 };

/** In words, for errors. */
const NAMES: Readonly<Record<OpenKind, string>> = {
  stream: 'event streams',
  'waiting gate': 'waiting gates',
  export: 'exports of the audit',
};

/** Counts requests that stay open, so that those who only watch leave room for those who work, and for each other. */
export class OpenRequests {
  private readonly open = new Map<Uuid, number>();
  private all = 0;

  constructor(
    private readonly shared: Pick<LimitPort, 'opened' | 'closed'>,
    private readonly limits: OpenRequestLimits,
  ) {}

  /** @returns the way to leave. @throws EdenError RATE_LIMITED, SERVICE_UNAVAILABLE when there are too many */
  async enter(organization: Uuid): Promise<() => void> {
    const { kind, ofProcess, ofOrganization } = this.limits;
    // Where nobody can tell how many others have, this gateway limits its own.
    if ((this.open.get(organization) ?? 0) >= ofOrganization) throw this.tooMany();
    if (this.all >= ofProcess) {
      throw new EdenError('SERVICE_UNAVAILABLE', {
        details: `This gateway serves ${ofProcess} ${NAMES[kind]} already`,
      });
    }
    this.count(organization, 1);
    if (await this.shared.opened({ organization, kind }, ofOrganization)) return () => this.leave(organization);
    this.count(organization, -1);
    throw this.tooMany();
  }

  private leave(organization: Uuid): void {
    this.count(organization, -1);
    this.shared.closed({ organization, kind: this.limits.kind });
  }

  private tooMany(): EdenError {
    const { kind, ofOrganization } = this.limits;
    return new EdenError('RATE_LIMITED', { details: `The organization has ${ofOrganization} ${NAMES[kind]} open` });
  }

  private count(organization: Uuid, change: number): void {
    const open = (this.open.get(organization) ?? 0) + change;
    if (open === 0) this.open.delete(organization);
    else this.open.set(organization, open);
    this.all += change;
  }
}
