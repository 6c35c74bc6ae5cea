import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asUuid } from '@eden/domain';
import { referencesOf, SecretReferences } from './secret-references.js';

const ours = asUuid(randomUUID());
const theirs = asUuid(randomUUID());
const variable = (name: string) => `EDEN_SECRET_${ours.replaceAll('-', '')}_${name}`;

let dir: string;
let secrets: SecretReferences;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'eden-secrets-'));
  mkdirSync(join(dir, ours, 'mount', '..2026'), { recursive: true });
  mkdirSync(join(dir, theirs));
  writeFileSync(join(dir, theirs, 'password'), 'theirs');
  writeFileSync(join(dir, 'service'), 'the service');
  writeFileSync(join(dir, ours, 'password'), 'sesame\n');
  writeFileSync(join(dir, ours, 'large'), 'x'.repeat(65_537));
  // As Kubernetes mounts a secret.
  writeFileSync(join(dir, ours, 'mount', '..2026', 'url'), 'postgresql://here/');
  symlinkSync('..2026', join(dir, ours, 'mount', '..data'));
  symlinkSync('..data/url', join(dir, ours, 'mount', 'url'));
  symlinkSync(join('..', theirs, 'password'), join(dir, ours, 'out'));
  symlinkSync('/etc', join(dir, ours, 'etc'));
  execFileSync('mkfifo', [join(dir, ours, 'pipe')]);
  const env = { [variable('DB')]: 'from the environment', ENCRYPTION_KEY: 'the service', [variable('EMPTY')]: '' };
  secrets = new SecretReferences({ env, dir });
});

afterAll(() => rmSync(dir, { recursive: true }));

function read(reference: string, organization = ours): unknown {
  const { config, problems } = secrets.resolve({ password: reference }, organization);
  return problems.length === 0 ? config['password'] : problems[0]?.message;
}

describe('a secret that a config only names', () => {
  it('is read where it lies', () => {
    expect(read('env:DB')).toBe('from the environment');
    expect(read('file:password')).toBe('sesame');
    expect(read('file:mount/url')).toBe('postgresql://here/');
  });

  it('leaves alone what is no reference', () => {
    const config = { password: 'environment', port: 5432, other_hosts: ['env:DB'] };
    expect(secrets.resolve(config, ours)).toEqual({ config, problems: [] });
    expect(referencesOf({ ...config, url: 'env:DB' })).toEqual({ url: 'env:DB' });
  });

  it.each([
    'file:../service',
    'file:mount/../../service',
    'file:/etc/passwd',
    'file:out',
    'file:etc/passwd',
    'file:pipe',
    'file:large',
    'file:mount',
    'file:.',
    'file:',
    'file:nowhere',
    'file:pass\0word',
    'env:ENCRYPTION_KEY',
    'env:EMPTY',
    'env:NOWHERE',
    'env:',
    'env:DB=x',
    'env:../DB',
  ])('is not read from %j, and no value is told', (reference) => {
    const said = read(reference);
    expect(said).toMatch(/^(env|file):/);
    expect(said).not.toMatch(/the service$|theirs|sesame|root:/);
    expect(said).not.toContain(dir);
  });

  it('is not read for another organization', () => {
    expect(read('env:DB', theirs)).toMatch(`has no EDEN_SECRET_${theirs.replaceAll('-', '')}_DB in its environment`);
    expect(read('file:mount/url', theirs)).toMatch(/ENOENT/);
    expect(read('file:password', theirs)).toBe('theirs');
  });

  it('is nowhere where the service has no folder', () => {
    const without = new SecretReferences({ env: {}, dir: undefined });
    expect(without.resolve({ password: 'file:password' }, ours).problems).toEqual([
      { path: 'config.password', message: 'file:password: the service has no SECRETS_DIR' },
    ]);
  });
});
