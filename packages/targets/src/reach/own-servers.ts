import { isIP } from 'node:net';
import { EdenError } from '@eden/domain';
import { isSameAddress, type AddressRules, type Refusal } from './address-rules.js';
import type { Resolve } from './resolve.js';

/** A server that this installation itself lives on. */
export interface OwnServer {
  readonly name: 'control database' | 'Redis';
  readonly host: string;
  readonly port: number;
}

interface Located {
  readonly server: OwnServer;
  readonly addresses: readonly string[];
}

/** How long resolved addresses are taken to be those of now. */
const FRESH_MS = 10_000;

/** Where Redis and the control database are listening, as their names resolve now. */
export class OwnServers {
  private located: readonly Located[];
  private locatedAt = -Infinity;

  constructor(
    private readonly servers: readonly OwnServer[],
    private readonly resolve: Resolve,
    private readonly rules: AddressRules,
  ) {
    this.located = servers.map((server) => ({ server, addresses: isIP(server.host) === 0 ? [] : [server.host] }));
  }

  /**
   * Looks the names up again. One that cannot be resolved keeps the addresses that it had.
   * @throws EdenError SERVICE_UNAVAILABLE when it had none: what is not known cannot be refused
   */
  async locate(): Promise<void> {
    if (performance.now() - this.locatedAt < FRESH_MS) return;
    this.located = await Promise.all(this.located.map((located) => this.relocate(located)));
    this.locatedAt = performance.now();
  }

  /** By the addresses known so far. */
  refusal(address: string, port: number): Refusal | null {
    const found = this.located.find(
      ({ server, addresses }) => server.port === port && addresses.some((own) => this.isSamePlace(own, address)),
    );
    return found === undefined ? null : refusalOf(found.server);
  }

  private async relocate({ server, addresses }: Located): Promise<Located> {
    try {
      const resolved = await this.resolve(server.host);
      return { server, addresses: resolved.map(({ address }) => address) };
    } catch (cause) {
      if (addresses.length > 0) return { server, addresses };
      const details = `The host of the ${server.name} cannot be resolved, so no endpoint can be told from it`;
      throw new EdenError('SERVICE_UNAVAILABLE', { details }, { cause });
    }
  }

  private isSamePlace(own: string, address: string): boolean {
    return isSameAddress(own, address) || (this.rules.isThisMachine(own) && this.rules.isThisMachine(address));
  }
}

function refusalOf({ name }: OwnServer): Refusal {
  if (name === 'control database') return CONTROL_SERVER;
  return { reason: 'own_server', details: `It leads to the ${name} of this service`, setting: null };
}

export const CONTROL_SERVER: Refusal = {
  reason: 'control_server',
  details: 'It leads to the server of the control database',
  setting: 'ENDPOINT_ALLOW_CONTROL_SERVER',
};
