import { describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { capture, newFolder, surroundingsFor } from '../testing/captured.js';
import { configPath, readConfig, saveProfile } from './config-file.js';
import { readSettings } from './settings.js';
import { freshnessOf, readToken } from './token.js';

const PROFILE = { url: 'https://one.example.com', token: 'token-of-one' };

async function settingsWith(env: Record<string, string>, flags: object = {}) {
  const { surroundings } = surroundingsFor({ env });
  await saveProfile(surroundings, 'one', PROFILE);
  await saveProfile(surroundings, 'two', { url: 'https://two.example.com', token: 'token-of-two' });
  return readSettings(flags, surroundings);
}

describe('settings', () => {
  it('are those of the current profile', async () => {
    expect(await settingsWith({})).toEqual({ ...PROFILE, tokenProfile: 'one' });
  });

  it('of the environment go before the file, and flags before both', async () => {
    const env = { EDEN_URL: 'https://env.example.com/', EDEN_TOKEN: 'token-of-env', EDEN_PROFILE: 'two' };
    expect(await settingsWith(env)).toEqual({
      url: 'https://env.example.com',
      token: 'token-of-env',
      tokenProfile: null,
    });
    expect(await settingsWith(env, { url: 'https://flag.example.com', token: 'token-of-flag' })).toMatchObject({
      url: 'https://flag.example.com',
      token: 'token-of-flag',
    });
    expect(await settingsWith({ EDEN_PROFILE: 'two' })).toMatchObject({ token: 'token-of-two' });
    expect(await settingsWith({ EDEN_PROFILE: 'two' }, { profile: 'one' })).toMatchObject({ token: 'token-of-one' });
  });

  it('never give the token of one service to another', async () => {
    expect(await settingsWith({ EDEN_URL: 'https://elsewhere.example.com' })).toMatchObject({ token: undefined });
    expect(await settingsWith({ EDEN_URL: 'https://one.example.com/' })).toMatchObject({ token: 'token-of-one' });
  });

  it('of a profile that a flag names go before the environment, and those of EDEN_PROFILE behind it', async () => {
    const env = { EDEN_URL: 'https://env.example.com', EDEN_TOKEN: 'token-of-env' };
    expect(await settingsWith(env, { profile: 'two' })).toEqual({
      url: 'https://two.example.com',
      token: 'token-of-two',
      tokenProfile: 'two',
    });
    const flags = { profile: 'two', url: 'https://flag.example.com', token: 'token-of-flag' };
    expect(await settingsWith(env, flags)).toEqual({ url: flags.url, token: flags.token, tokenProfile: null });
    expect(await settingsWith({ ...env, EDEN_PROFILE: 'two' })).toEqual({
      url: env.EDEN_URL,
      token: env.EDEN_TOKEN,
      tokenProfile: null,
    });
  });

  it.each([
    [{ EDEN_TOKEN: 't' }, 't'],
    [{ EDEN_TOKEN: 't', EDEN_URL: 'https://empty.example.com/' }, 't'],
    [{ EDEN_TOKEN: 't', EDEN_URL: 'https://env.example.com' }, undefined],
  ])('of a profile without a token, beside %j, have the token %s', async (env, token) => {
    const url = 'https://empty.example.com';
    const { surroundings } = surroundingsFor({ env });
    await saveProfile(surroundings, 'empty', { url });
    expect(await readSettings({ profile: 'empty' }, surroundings)).toMatchObject({ url, token });
  });

  it('refuse a URL with credentials or of another scheme, without repeating it', async () => {
    for (const url of ['ftp://x', 'nonsense', 'https://ann:geheim@example.com']) {
      const error = await settingsWith({ EDEN_URL: url, EDEN_TOKEN: 't' }).catch((caught: Error) => caught.message);
      expect(error).toBe('The URL of the service is none');
    }
  });

  it('say which profiles there are', async () => {
    await expect(settingsWith({}, { profile: 'tow' })).rejects.toMatchObject({
      next: 'Take one of one, two; did you mean two?',
    });
  });
});

describe('config.toml', () => {
  it('can be read by nobody else, also when it could before', async () => {
    const { surroundings } = surroundingsFor({});
    const path = configPath(surroundings);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'current = "old"\n[profiles.old]\nurl = "https://old.example.com"\n', { mode: 0o644 });
    await saveProfile(surroundings, 'one', PROFILE);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await readConfig(surroundings)).toMatchObject({ current: 'old', profiles: { one: PROFILE } });
  });

  it('that is broken is not repeated: it may hold a token', async () => {
    const folder = newFolder();
    const { surroundings } = surroundingsFor({ cwd: folder });
    mkdirSync(dirname(configPath(surroundings)), { recursive: true });
    writeFileSync(configPath(surroundings), '[profiles.one]\ntoken = "geheim\n');
    const { code, err } = await capture(['whoami'], { cwd: folder });
    expect(code).toBe(1);
    expect(err).toContain('is not a configuration of eden');
    expect(err).not.toContain('geheim');
  });

  it('"config use" makes a profile the current one', async () => {
    const folder = newFolder();
    const { surroundings } = surroundingsFor({ cwd: folder });
    await saveProfile(surroundings, 'one', PROFILE);
    await saveProfile(surroundings, 'dev', { url: 'http://127.0.0.1:1' });
    expect(await capture(['config', 'use', 'dev'], { cwd: folder })).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(configPath(surroundings), 'utf8')).toContain('current = "dev"');
    expect(await capture(['config', 'use', 'dve'], { cwd: folder })).toMatchObject({ code: 2 });
  });
});

describe('a token', () => {
  const token = (exp: number): string => {
    const payload = { sub: 'ann', org_id: 'shop', level: 'Admin', exp };
    return `x.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.y`;
  };

  it('says who it is of, and a robot key says nothing', () => {
    expect(readToken(token(60))).toMatchObject({ username: 'ann', organization: 'shop', level: 'Admin' });
    expect(readToken('eden_abc')).toBeNull();
    expect(freshnessOf('eden_abc', Date.now())).toBe('good');
  });

  it('is refreshed in the second half of its life', () => {
    const now = 1_000_000;
    expect(freshnessOf(token((now + 14 * 60_000) / 1000), now)).toBe('good');
    expect(freshnessOf(token((now + 7 * 60_000) / 1000), now)).toBe('near expiry');
    expect(freshnessOf(token((now - 1000) / 1000), now)).toBe('expired');
  });
});

it('two that change config.toml at the same moment lose none of their changes', async () => {
  const { surroundings } = surroundingsFor({});
  const names = Array.from({ length: 12 }, (_, n) => `p${n}`);
  await Promise.all(names.map((name) => saveProfile(surroundings, name, PROFILE)));
  expect(Object.keys((await readConfig(surroundings)).profiles).sort()).toEqual(names.sort());
});
