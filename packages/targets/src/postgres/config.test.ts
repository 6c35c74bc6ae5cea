import { describe, expect, it } from '@jest/globals';
import { EdenError, type JsonObject } from '@eden/domain';
import { describeConfig, hostsOf, parseConfig } from './config.js';

const FIELDS = { host: 'db.example', database: 'shop', username: 'eden', password: 'pass-phrase' };

const MUST_BE_URL =
  'must be a URL: postgresql://user:password@host:port/database, with several hosts host1:port,host2:port, and target_session_attrs one of any, primary, read-write';

function issuesOf(config: JsonObject): unknown {
  try {
    parseConfig(config);
  } catch (error) {
    if (error instanceof EdenError && error.code === 'VALIDATION_FAILED') return error.context['issues'];
    throw error;
  }
  throw new Error('the config was accepted');
}

describe('the config of a Postgres endpoint', () => {
  it('is filled in with its defaults', () => {
    expect(parseConfig(FIELDS)).toEqual({ ...FIELDS, port: 5432, ssl_mode: 'disable', pool_size: 10 });
  });

  it('may be a URL, with escapes, an IPv6 host and sslmode', () => {
    const url = 'postgresql://ed%40en:p%2Fw@[::1]:6432/my%20shop?sslmode=verify-full';
    expect(parseConfig({ url, pool_size: 3 })).toEqual({
      host: '::1',
      port: 6432,
      database: 'my shop',
      username: 'ed@en',
      password: 'p/w',
      ssl_mode: 'verify-full',
      pool_size: 3,
    });
  });

  it('may be a URL with the directory of a Unix socket', () => {
    expect(parseConfig({ url: 'postgres://eden@localhost/shop?host=/run/postgresql' })).toMatchObject({
      host: '/run/postgresql',
      password: '',
    });
  });

  it('may name several hosts, of which one may serve', () => {
    const url = 'postgresql://u:p@h1:6432,h2,[::1]:6/d?sslmode=require&target_session_attrs=read-write';
    const parsed = parseConfig({ url });
    expect(parsed).toMatchObject({
      host: 'h1',
      port: 6432,
      other_hosts: ['h2', '[::1]:6'],
      target_session_attrs: 'read-write',
      ssl_mode: 'require',
    });
    expect(hostsOf(parsed)).toEqual([
      { host: 'h1', port: 6432 },
      { host: 'h2', port: 5432 },
      { host: '::1', port: 6 },
    ]);
    expect(parseConfig(parsed)).toEqual(parsed);
    expect(issuesOf({ ...FIELDS, other_hosts: ['h2:0'], target_session_attrs: 'standby' })).toEqual([
      { path: 'config.other_hosts', message: 'must be a list of fewer than 8 hosts, each as "host" or "host:port"' },
      { path: 'config.target_session_attrs', message: 'must be one of any, primary, read-write' },
    ]);
  });

  it('reads back what it gave', () => {
    const parsed = parseConfig({ url: 'postgres://u:p@h/d' });
    expect(parseConfig(parsed)).toEqual(parsed);
  });

  it('is described without its password, whichever way it was written', () => {
    for (const config of [FIELDS, { url: 'postgres://eden:pass-phrase@db.example/shop' }]) {
      expect(describeConfig(config)).toEqual({
        host: 'db.example',
        port: 5432,
        database: 'shop',
        username: 'eden',
        ssl_mode: 'disable',
        pool_size: 10,
      });
    }
  });

  it('names every field that is missing, unknown or wrong', () => {
    expect(issuesOf({ host: '', port: 0, username: 'eden', ssl_mode: 'prefer', sslmode: 'require' })).toEqual([
      { path: 'config.sslmode', message: 'is not known' },
      { path: 'config.host', message: 'must be a non-empty string' },
      { path: 'config.port', message: 'must be a whole number from 1 to 65535' },
      { path: 'config.database', message: 'is required' },
      { path: 'config.ssl_mode', message: 'must be one of disable, require, verify-ca, verify-full' },
    ]);
  });

  it('refuses fields beside a URL that says the same', () => {
    expect(issuesOf({ url: 'postgres://u@h/d', host: 'other' })).toEqual([
      { path: 'config.host', message: 'cannot stand beside url' },
    ]);
  });

  it.each([
    ['mysql://u@h/d', MUST_BE_URL],
    ['nonsense', MUST_BE_URL],
    ['postgres://u@h/d?options=-cfsync%3Doff', 'parameter "options" is not supported'],
    ['postgres://u:%zz@h/d', 'holds a % that is not an escape'],
  ])('refuses the URL %s without quoting it', (url, message) => {
    expect(issuesOf({ url })).toEqual([{ path: 'config.url', message }]);
  });
});
