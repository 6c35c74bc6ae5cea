import { lookup } from 'node:dns/promises';

/** An address as Node's sockets take it. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a host name or address, in the order in which to try them. @throws Error with a `code` */
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>;

/** As the operating system resolves names, which also reads `2130706433` and `0x7f.1` as addresses. */
export const resolveBySystem: Resolve = (host) => lookup(host, { all: true });
