import { isIP, type Socket } from 'node:net';
import { EdenError, type ControlServer } from '@eden/domain';
import { AddressRules, type AddressRulesOptions, type Refusal } from './address-rules.js';
import { CheckedSocket } from './checked-socket.js';
import { OwnServers, type OwnServer } from './own-servers.js';
import { RefusedError } from './refused-error.js';
import { resolveBySystem, type Resolve, type ResolvedAddress } from './resolve.js';

export interface ReachOptions extends AddressRulesOptions {
  /** Whether other databases of the control database's server are allowed; the control database itself never is. */
  readonly allowControlServer: boolean;
  /** Refused wherever their names lead. */
  readonly ownServers: readonly OwnServer[];
  /** Asked whether an endpoint leads home by a way that no address tells. */
  readonly controlServer: ControlServer;
  /** Default: as the operating system does. */
  readonly resolve?: Resolve;
}

/** Where the endpoints of tenants may lead (docs/adr/0016). The rules are the same for all kinds of targets. */
export class Reach {
  readonly controlServer: ControlServer;
  readonly allowControlServer: boolean;
  private readonly rules: AddressRules;
  private readonly ownServers: OwnServers;
  private readonly resolve: Resolve;

  constructor({ resolve = resolveBySystem, ownServers, controlServer, allowControlServer, ...rules }: ReachOptions) {
    this.resolve = resolve;
    this.controlServer = controlServer;
    this.allowControlServer = allowControlServer;
    this.rules = new AddressRules(rules);
    const refused = allowControlServer ? ownServers.filter(({ name }) => name !== 'control database') : ownServers;
    this.ownServers = new OwnServers(refused, resolve, this.rules);
  }

  /** Refuses what can be told without resolving a name. @throws EdenError ENDPOINT_NOT_ALLOWED */
  assertLiteralAllowed(host: string, port: number): void {
    const address = literalAddress(host);
    const refusal = address === null ? refusalOfName(host) : this.refusal(address, port);
    if (refusal !== null) throw notAllowed(refusal);
  }

  /** A socket that connects to allowed addresses only. It emits RefusedError where there are none. */
  socket(): Socket {
    return new CheckedSocket((host, port) => this.allowedAddresses(host, port));
  }

  /** Resolved once: what is checked is what is connected to. @throws RefusedError when none of them is allowed */
  private async allowedAddresses(host: string, port: number): Promise<readonly ResolvedAddress[]> {
    const refused = refusalOfName(host);
    if (refused !== null) throw new RefusedError(refused);
    const [resolved] = await Promise.all([this.resolve(host), this.ownServers.locate()]);
    const allowed = resolved.filter(({ address }) => this.refusal(address, port) === null);
    const [first] = resolved;
    const refusal = allowed.length === 0 && first !== undefined ? this.refusal(first.address, port) : null;
    if (refusal !== null) throw new RefusedError(refusal);
    return allowed;
  }

  private refusal(address: string, port: number): Refusal | null {
    return this.rules.refusal(address) ?? this.ownServers.refusal(address, port);
  }
}

export function notAllowed({ reason, details, setting }: Refusal, endpointId?: string): EdenError {
  const endpoint = endpointId === undefined ? {} : { endpoint_id: endpointId };
  return new EdenError('ENDPOINT_NOT_ALLOWED', { ...endpoint, reason, details, setting });
}

const UNIX_SOCKET: Refusal = {
  reason: 'unix_socket',
  details: 'It leads to a Unix socket of the machine that this service runs on',
  setting: null,
};

/** Drivers take a path for the directory of a socket. */
function refusalOfName(host: string): Refusal | null {
  return host.startsWith('/') ? UNIX_SOCKET : null;
}

/** The address that a host spells, in any of the ways that resolvers understand; null for a name. */
function literalAddress(host: string): string | null {
  const bare = host.replace(/%.*$/, '');
  if (isIP(bare) !== 0) return bare;
  const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
  if (url === 'localhost' || url.endsWith('.localhost')) return '127.0.0.1';
  return isIP(url) === 0 ? null : url;
}
