import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Why an address is refused, in wire spelling. */
export interface Refusal {
  readonly reason:
    'link_local' | 'unspecified' | 'loopback' | 'network' | 'own_server' | 'control_server' | 'unix_socket' | 'host';
  readonly details: string;
  /** The setting that would allow it; null when none does. */
  readonly setting: string | null;
}

/** Link-local addresses, and those where clouds answer with credentials. */
const LINK_LOCAL = [
  '169.254.0.0/16',
  'fe80::/10',
  // AWS, Google and Alibaba, which are not all link-local; Oracle; Azure.
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
  '100.100.100.200/32',
  '192.0.0.192/32',
  '168.63.129.16/32',
];
const UNSPECIFIED = ['0.0.0.0/8', '::/128'];
const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** IPv6 prefixes of 96 bits that carry an IPv4 address: NAT64 and IPv4-translated. BlockList itself knows `::ffff:`. */
const CARRIERS = ['64:ff9b::', '::ffff:0:'];
const CARRIER_BITS = 96;

const REFUSALS = {
  link_local: {
    reason: 'link_local',
    details: 'It leads to a link-local or metadata address, which no endpoint may reach',
    setting: null,
  },
  unspecified: { reason: 'unspecified', details: 'It leads to the unspecified address', setting: null },
  loopback: {
    reason: 'loopback',
    details: 'It leads to the machine that this service runs on',
    setting: 'ENDPOINT_ALLOW_LOOPBACK',
  },
  network: {
    reason: 'network',
    details: 'It leads to an address outside the allowed networks',
    setting: 'ENDPOINT_ALLOWED_NETWORKS',
  },
} as const satisfies Record<string, Refusal>;

export interface AddressRulesOptions {
  /** CIDR or addresses; none = everywhere that nothing else forbids. */
  readonly allowedNetworks: readonly string[];
  readonly allowLoopback: boolean;
}

/** Which addresses endpoints may lead to. */
export class AddressRules {
  private readonly linkLocal = networks(LINK_LOCAL);
  private readonly unspecified = networks(UNSPECIFIED);
  private readonly loopback = networks(LOOPBACK);
  private readonly allowed: BlockList | null;
  private readonly allowLoopback: boolean;

  constructor({ allowedNetworks, allowLoopback }: AddressRulesOptions) {
    this.allowed = allowedNetworks.length === 0 ? null : networks(allowedNetworks);
    this.allowLoopback = allowLoopback;
  }

  /** Null when the address, as a resolver gives it, is allowed. */
  refusal(address: string): Refusal | null {
    if (contains(this.unspecified, address)) return REFUSALS.unspecified;
    if (contains(this.linkLocal, address)) return REFUSALS.link_local;
    if (!this.allowLoopback && this.isThisMachine(address)) return REFUSALS.loopback;
    if (this.allowed !== null && !contains(this.allowed, address)) return REFUSALS.network;
    return null;
  }

  /** What listens on the loopback interface is as a rule also behind the machine's own other addresses. */
  isThisMachine(address: string): boolean {
    return contains(this.loopback, address) || contains(ownAddresses(), address);
  }
}

/** True for two spellings of one address. */
export function isSameAddress(a: string, b: string): boolean {
  return contains(networks([withoutZone(a)]), b);
}

function contains(list: BlockList, address: string): boolean {
  const bare = withoutZone(address);
  return list.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}

function networks(all: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of all) addNetwork(list, network);
  return list;
}

function addNetwork(list: BlockList, network: string): void {
  const [address = '', prefix] = network.split('/');
  if (isIP(address) === 6) {
    list.addSubnet(address, Number(prefix ?? 128), 'ipv6');
    return;
  }
  const bits = Number(prefix ?? 32);
  list.addSubnet(address, bits, 'ipv4');
  for (const carrier of CARRIERS) list.addSubnet(`${carrier}${address}`, CARRIER_BITS + bits, 'ipv6');
}

function ownAddresses(): BlockList {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return networks(interfaces.map(({ address }) => withoutZone(address)));
}

/** `fe80::1%eth0` names the way to an address, not another one. */
function withoutZone(address: string): string {
  return address.replace(/%.*$/, '');
}
