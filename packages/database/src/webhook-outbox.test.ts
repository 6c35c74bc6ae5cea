import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { asUuid } from '@eden/domain';
import type { Client } from './client.js';
import { createConfigCipher } from './encryption.js';
import { createWebhookOutbox } from './webhook-outbox.js';

const [ORGANIZATION, READABLE, UNREADABLE] = [1, 2, 3].map((n) => asUuid(`550e8400-e29b-41d4-a716-44665544000${n}`));
const cipher = createConfigCipher([randomBytes(32)]);
const other = createConfigCipher([randomBytes(32)]);

function row(uuid: string, sealing = cipher) {
  const owner = { organizationUuid: asUuid(ORGANIZATION!), endpointUuid: asUuid(uuid) };
  const target = sealing.encrypt({ url: 'https://hooks.example.com/', secret: 's' }, owner);
  const event = { type: 'run.failed', at: new Date(0), data: {}, attempts: 1, format: 'json' };
  return { uuid, organization_uuid: ORGANIZATION, webhook_uuid: uuid, ...event, target };
}

describe('a webhook whose URL no key opens', () => {
  it('fails alone: those that were claimed with it are sent', async () => {
    const answers: unknown[][] = [[row(UNREADABLE!, other), row(READABLE!)], [{ state: 'pending' }]];
    const asked: { readonly sql: string; readonly values: readonly unknown[] }[] = [];
    const $queryRaw = (query: (typeof asked)[number]) => {
      asked.push(query);
      return Promise.resolve(answers.shift());
    };
    const outbox = createWebhookOutbox({ $queryRaw } as unknown as Client, cipher, {
      on: () => () => undefined,
      close: () => Promise.resolve(),
    });
    const claimed = await outbox.claim(10, 1_000, []);
    expect(claimed.map(({ webhookUuid }) => webhookUuid)).toEqual([READABLE]);
    expect(asked[1]?.sql).toContain('last_error');
    expect(asked[1]?.values).toEqual(expect.arrayContaining([UNREADABLE, expect.stringContaining('no key')]));
  });
});
