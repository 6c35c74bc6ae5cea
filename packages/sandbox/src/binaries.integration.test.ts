import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverAccount } from './account.js';
import { findOnPath } from './executables.js';
import { findPostgres } from './postgres-binaries.js';
import { findRedis } from './redis-binary.js';

const environment = { ...process.env };
const isRoot = process.getuid?.() === 0;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eden-binaries-test-'));
  await chmod(folder, 0o755);
});

afterEach(async () => {
  process.env = { ...environment };
  await rm(folder, { recursive: true });
});

async function writeProgram(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

describe('PostgreSQL', () => {
  it('comes from the npm package unless somebody names another one', async () => {
    const account = await serverAccount();
    expect(await findPostgres(account)).toMatch(/native\/bin$/);
    await writeProgram('initdb', '');
    await writeProgram('postgres', 'echo "postgres (PostgreSQL) 15.4"');
    process.env['EDEN_POSTGRES_BIN'] = folder;
    expect(await findPostgres(account)).toBe(folder);
  });

  it('is refused with the reason when it is too old or does not run', async () => {
    process.env['EDEN_POSTGRES_BIN'] = folder;
    await expect(findPostgres(undefined)).rejects.toThrow(`${folder}: no initdb`);
    await writeProgram('initdb', '');
    await writeProgram('postgres', 'echo "postgres (PostgreSQL) 13.1"');
    await expect(findPostgres(undefined)).rejects.toThrow(`${folder}: older than 14`);
    await writeProgram('postgres', 'echo "no libssl" >&2; exit 1');
    await expect(findPostgres(undefined)).rejects.toThrow('no libssl');
  });

  it('is prepared once by any number of processes that start at the same time', async () => {
    const account = await serverAccount();
    process.env['TMPDIR'] = folder;
    const found = await Promise.all(Array.from({ length: 3 }, () => findPostgres(account)));
    expect(new Set(found).size).toBe(1);
  });
});

describe('Redis', () => {
  it('is the named one, and a wrong name is said', async () => {
    await writeProgram('my-redis', '');
    process.env['EDEN_REDIS_BIN'] = join(folder, 'my-redis');
    expect(await findRedis()).toBe(join(folder, 'my-redis'));
    process.env['EDEN_REDIS_BIN'] = join(folder, 'nothing');
    await expect(findRedis()).rejects.toThrow('EDEN_REDIS_BIN is not an executable');
  });

  it('is valkey where a system has that instead', async () => {
    await writeProgram('valkey-server', '');
    process.env['PATH'] = folder;
    expect(await findRedis()).toBe(join(folder, 'valkey-server'));
  });

  it('is installed when root runs without one, and else named with the command that installs it', async () => {
    const redis = (await findOnPath('redis-server')) as string;
    await symlink(redis, join(folder, 'package'));
    await writeProgram('apt-get', `[ "$1" = update ] || /bin/ln -s ${folder}/package ${folder}/redis-server`);
    process.env['PATH'] = folder;
    const found = findRedis();
    if (isRoot) expect(await found).toBe(join(folder, 'redis-server'));
    else await expect(found).rejects.toThrow('Install it: sudo apt-get install -y redis-server');
  });

  it('is missed in one line when it cannot be installed', async () => {
    await writeProgram('apt-get', 'exit 100');
    process.env['PATH'] = folder;
    await expect(findRedis()).rejects.toThrow(
      /^No redis-server found. Install it: sudo apt-get install -y .*redis-server$/,
    );
  });
});
