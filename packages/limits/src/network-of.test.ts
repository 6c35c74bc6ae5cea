import { SocketAddress } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { networkOf } from './network-of.js';

describe('the network of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0DB8:0:0:ffff::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['unknown', 'unknown'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('is the same for all spellings of all addresses of a /64, and for no other', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    const half = fc.tuple(group, group, group, group);
    const text = (groups: readonly number[]) => groups.map((each) => each.toString(16)).join(':');
    fc.assert(
      fc.property(half, half, half, (prefix, one, other) => {
        const long = text([...prefix, ...one]);
        const { address: short } = new SocketAddress({ family: 'ipv6', address: text([...prefix, ...other]) });
        // An IPv4 address in IPv6's clothes is a place of its own.
        fc.pre(!short.includes('.'));
        expect(networkOf(long)).toBe(networkOf(short));
        const elsewhere = prefix.with(3, (prefix[3] + 1) % 0x10000);
        expect(networkOf(text([...elsewhere, ...one]))).not.toBe(networkOf(long));
      }),
    );
  });
});
