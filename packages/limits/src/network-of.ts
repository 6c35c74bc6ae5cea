import { isIPv6 } from 'node:net';

const GROUPS = 8;
/** A customer of a provider is given at least a /64, and could come from each of its addresses. */
const GROUPS_OF_NETWORK = 4;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** What counts as one place: an IPv4 address, or the /64 of an IPv6 address. */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  const mapped = MAPPED.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv6(bare) ? `${groupsOf(bare).slice(0, GROUPS_OF_NETWORK).join(':')}::/64` : address;
}

/** Written out, without leading zeros. The last 32 bits may be written as an IPv4 address, and do not matter here. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0').split('::');
  const split = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [first, last] = [split(head), split(tail ?? '')];
  const zeros = Array<string>(tail === undefined ? 0 : GROUPS - first.length - last.length).fill('0');
  return [...first, ...zeros, ...last].map((group) => Number.parseInt(group, 16).toString(16));
}
