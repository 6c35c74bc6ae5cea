import { networkInterfaces } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { AddressRules, isSameAddress, type AddressRulesOptions } from './address-rules.js';

const EVERYWHERE: AddressRulesOptions = { allowedNetworks: [], allowLoopback: true };

function reasonOf(address: string, options: Partial<AddressRulesOptions> = {}) {
  return new AddressRules({ ...EVERYWHERE, ...options }).refusal(address)?.reason ?? null;
}

describe('the rules for addresses', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::169.254.169.254',
    '::ffff:0:169.254.169.254',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    'fd00:ec2::254',
    'fd20:ce::254',
    '100.100.100.200',
    '::ffff:100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
  ])('never allow the link-local or metadata address %s, whatever the settings', (address) => {
    expect(reasonOf(address)).toBe('link_local');
    expect(reasonOf(address, { allowedNetworks: ['0.0.0.0/0', '::/0'] })).toBe('link_local');
  });

  it.each(['0.0.0.0', '0.1.2.3', '::', '::ffff:0.0.0.0'])('never allow the unspecified address %s', (address) => {
    expect(reasonOf(address)).toBe('unspecified');
  });

  it.each(['127.0.0.1', '127.8.9.1', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1'])(
    'allow the loopback address %s only where the setting does',
    (address) => {
      expect(reasonOf(address, { allowLoopback: false })).toBe('loopback');
      expect(reasonOf(address, { allowLoopback: true })).toBe(null);
    },
  );

  it("take the machine's own addresses for loopback", () => {
    const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
    const routable = own.filter(({ internal, address }) => !internal && !address.startsWith('fe80'));
    expect(routable).not.toEqual([]);
    for (const { address } of routable) {
      expect(reasonOf(address, { allowLoopback: false })).toBe('loopback');
      expect(reasonOf(address)).toBe(null);
    }
  });

  it.each([
    ['10.1.2.3', ['10.0.0.0/8'], null],
    ['::ffff:10.1.2.3', ['10.0.0.0/8'], null],
    ['11.1.2.3', ['10.0.0.0/8'], 'network'],
    ['203.0.113.7', ['203.0.113.7'], null],
    ['203.0.113.8', ['203.0.113.7'], 'network'],
    ['fd12::1', ['10.0.0.0/8', 'fd12::/16'], null],
    ['fd13::1', ['10.0.0.0/8', 'fd12::/16'], 'network'],
    ['127.0.0.1', ['10.0.0.0/8'], 'network'],
    ['203.0.113.7', [], null],
  ])('with networks, %s of %j is: %s', (address, allowedNetworks, reason) => {
    expect(reasonOf(address, { allowedNetworks })).toBe(reason);
  });

  it('know one address in two spellings', () => {
    expect(isSameAddress('10.0.0.1', '::ffff:a00:1')).toBe(true);
    expect(isSameAddress('::ffff:10.0.0.1', '10.0.0.1')).toBe(true);
    expect(isSameAddress('fd00::1', 'fd00:0:0::1')).toBe(true);
    expect(isSameAddress('10.0.0.1', '10.0.0.2')).toBe(false);
  });
});
