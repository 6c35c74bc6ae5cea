import { describe, expect, it } from '@jest/globals';
import { EdenError, type Subject } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import type { HttpRequest } from '../http/http-request.js';
import { auditRefusal } from './audit-request.js';

describe('a refusal', () => {
  it('is audited whatever the path holds, with what can be stored of it', async () => {
    const entries: { readonly subject: string }[] = [];
    const append = (entry: (typeof entries)[number]) => Promise.resolve(entries.push(entry));
    const deps = { store: { audit: () => ({ append }) } } as unknown as GatewayDeps;
    const error = new EdenError('INSUFFICIENT_PERMISSIONS');
    const call = { method: 'delete', route: '/iam/users/{user}', named: ['a\0b', 'x'.repeat(600)], error };
    const subject = { username: 'ann', level: 'Read' } as Subject;
    await auditRefusal(deps, { address: '192.0.2.1', id: 'r' } as HttpRequest, { subject, ...call });
    expect(entries).toEqual([expect.objectContaining({ actor: 'ann', result: 'INSUFFICIENT_PERMISSIONS' })]);
    expect(entries[0]?.subject).toMatch(/^a\uFFFDb\/x{508}$/);
  });
});
