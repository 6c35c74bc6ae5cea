import { describe, expect, it } from '@jest/globals';
import { asUuid, NO_GRANTS, type Clock, type LockPort, type Subject } from '@eden/domain';
import { KeptSubjects } from './kept-subjects.js';

const KEPT_MS = 1_000;
const organizationUuid = asUuid('550e8400-e29b-41d4-a716-446655440001');
const subject: Subject = {
  organizationUuid,
  organizationId: 'acme',
  userUuid: organizationUuid,
  username: 'ann',
  level: 'Read',
  grants: NO_GRANTS,
  scopes: null,
};

describe('a subject that many ask for at once', () => {
  it('is kept again when its time was over', async () => {
    let now = 0;
    const lease = {};
    const locks = { leaseOn: () => lease } as unknown as LockPort;
    const kept = new KeptSubjects(locks, { elapsedMs: () => now } as unknown as Clock, KEPT_MS);
    const ask = () => kept.ask('bearer', () => Promise.resolve({ subject, token: null, goodForMs: null }));
    for (let n = 0; n < 2; n += 1) await ask();
    expect(kept.find('bearer')).not.toBeNull();
    now += KEPT_MS;
    expect(kept.find('bearer')).toBeNull();
    await Promise.all([ask(), ask(), ask()]);
    expect(kept.find('bearer')).not.toBeNull();
  });
});
