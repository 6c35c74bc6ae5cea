import { describe, expect, it } from '@jest/globals';
import { isAllowedHost } from './allowed-hosts.js';
import { retryPauseMs } from './webhook.js';

describe('a webhook', () => {
  it.each([
    ['https://hooks.slack.com/services/T/B/x', ['hooks.slack.com'], true],
    ['https://HOOKS.slack.com/x', ['hooks.slack.com'], true],
    ['https://ci.example.com:8443/', ['ci.example.com:8443'], true],
    ['https://ci.example.com/', ['ci.example.com:8443'], false],
    ['https://ci.example.com/', ['ci.example.com:443'], true],
    ['http://ci.example.com/', ['ci.example.com:443'], false],
    ['http://ci.example.com/', ['ci.example.com:80'], true],
    ['https://a.b.example.com/', ['*.example.com'], true],
    ['https://example.com/', ['*.example.com'], false],
    ['https://badexample.com/', ['*.example.com', 'example.com'], false],
    ['https://example.com.evil.net/', ['example.com', '*.example.com'], false],
    ['https://hooks.slack.com@evil.net/', ['hooks.slack.com'], false],
    ['http://2130706433/', ['example.com'], false],
    ['https://example.com/', [], false],
  ])('may lead to %s where %j are allowed: %s', (url, allowed, isAllowed) => {
    expect(isAllowedHost(new URL(url), allowed)).toBe(isAllowed);
  });

  it('is tried again after pauses that grow up to an hour', () => {
    expect([1, 2, 3, 10, 11, 500].map(retryPauseMs)).toEqual([5_000, 10_000, 20_000, 2_560_000, 3_600_000, 3_600_000]);
  });
});
