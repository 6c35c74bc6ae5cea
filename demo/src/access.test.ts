import { describe, expect, it } from '@jest/globals';
import { describeAccess } from './access.js';

const ACCESS = {
  url: 'http://127.0.0.1:4000',
  login: { organization: 'demo', username: 'admin', password: 'geheim' },
  newOrganizationToken: 'token',
  first: { name: 'first cluster', url: 'postgresql://first' },
  second: { name: 'second cluster', url: 'postgresql://second' },
};

describe('what the demo says of its service', () => {
  it.each([true, false])('is the URL and the credentials; it stays up: %s', (stays) => {
    const text = describeAccess(ACCESS, stays);
    expect(text).toContain('http://127.0.0.1:4000/docs\n');
    expect(text).toContain('organization demo, user admin, password geheim\n');
  });

  it('is what to paste and how to stop it only where it stays up', () => {
    expect(describeAccess(ACCESS, true)).toMatch(
      /export URL=http:\S+ LOGIN=admin:geheim NEW_ORG_TOKEN=token\n[^]*Ctrl-C/,
    );
    expect(describeAccess(ACCESS, false)).not.toMatch(/export|Ctrl-C/);
  });
});
