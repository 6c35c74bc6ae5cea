import type { LookupFunction } from 'node:net';
import { Socket } from 'node:net';
import type { ResolvedAddress } from './resolve.js';

export type AllowedAddresses = (host: string, port: number) => Promise<readonly ResolvedAddress[]>;

/**
 * Resolves and checks by itself, and connects to the very addresses that were checked: a name that changes in between
 * leads nowhere else. Drivers keep the host name for TLS.
 */
export class CheckedSocket extends Socket {
  constructor(private readonly allowedAddresses: AllowedAddresses) {
    super();
  }

  /** As drivers call it: by port and host, or by the path of a Unix socket, which is refused like a host of that name. */
  override connect(...[to, host]: readonly unknown[]): this {
    const [name, port] = typeof to === 'number' ? [String(host), to] : [String(to), 0];
    this.allowedAddresses(name, port).then(
      (addresses) => this.connectTo(addresses, name, port),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    );
    return this;
  }

  private connectTo(addresses: readonly ResolvedAddress[], host: string, port: number): void {
    if (this.destroyed) return;
    // Node looks nothing up where the host is an address, and that is the one that was checked.
    super.connect({ port, host, lookup: answer(addresses) });
  }
}

/** Gives the checked addresses to whoever looks the host up. */
function answer(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (host, { all }, callback) => {
    const [first] = addresses;
    if (all === true) callback(null, [...addresses]);
    else if (first !== undefined) callback(null, first.address, first.family);
    else callback(Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' }), '', 0);
  };
}
