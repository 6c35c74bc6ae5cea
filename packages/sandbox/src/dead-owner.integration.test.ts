import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from '@eden/testkit';
import { Sandbox } from './index.js';
import { identify, isAlive, type ProcessIdentity } from '@eden/runtime';

const DIST = pathToFileURL(join(import.meta.dirname, '..', 'dist', 'index.js')).href;

/** A program that owns two servers, says what it owns, and then does nothing for ever. */
const OWNER = `
  import { Sandbox } from '${DIST}';
  const sandbox = await Sandbox.create(process.argv[1]);
  const postgres = await sandbox.startPostgres({ name: 'postgres', durable: false });
  const redis = await sandbox.startRedis({ name: 'redis' });
  console.log(JSON.stringify({ pids: [postgres.pid, redis.pid], folders: [sandbox.folder, postgres.dataDirectory] }));
  setInterval(() => {}, 1000);
`;

interface Owned {
  readonly pids: readonly number[];
  readonly folders: readonly string[];
}

let directory: string;
let children: ChildProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'eden-owner-test-'));
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  await rm(directory, { recursive: true });
});

async function startOwner(): Promise<{ owner: ChildProcess; owned: Owned }> {
  const args = ['--input-type=module', '--eval', OWNER, directory];
  const owner = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(owner);
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  return { owner, owned: JSON.parse(line.toString()) as Owned };
}

async function startBystander(): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  children.push(child);
  await once(child, 'spawn');
  return identify(child.pid as number) as ProcessIdentity;
}

async function leaveFolder(owned: object): Promise<string> {
  const folder = join(directory, 'sandbox-left');
  await mkdir(folder);
  await writeFile(join(folder, 'owner.json'), JSON.stringify({ host: hostname(), folders: [], ...owned }));
  return folder;
}

/** Above any pid that a system gives out. */
const DEAD = { pid: 0x7ffffffe, startedAt: 'never' };

describe('when the owner of a sandbox dies', () => {
  it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('by %s, its servers and folders go with it', async (signal) => {
    const { owner, owned } = await startOwner();
    const servers = owned.pids.map((pid) => identify(pid));
    expect(servers).not.toContain(undefined);
    owner.kill(signal);
    await eventually(async () => {
      expect(servers.filter((server) => server && isAlive(server))).toEqual([]);
      expect(await readdir(directory)).toEqual([]);
    });
  });

  it('together with its guard, the next sandbox ends what is left', async () => {
    const left = await startBystander();
    const extra = join(directory, 'data');
    await mkdir(extra);
    await leaveFolder({ owner: DEAD, processes: [left], folders: [extra] });
    const sandbox = await Sandbox.create(directory);
    await eventually(() => expect(isAlive(left)).toBe(false));
    expect(await readdir(directory)).toHaveLength(1);
    await sandbox.stop();
    expect(await readdir(directory)).toEqual([]);
  });

  it('a process that got the pid of a dead server is left alone', async () => {
    const bystander = await startBystander();
    await leaveFolder({ owner: DEAD, processes: [{ ...bystander, startedAt: 'before' }] });
    const sandbox = await Sandbox.create(directory);
    expect(isAlive(bystander)).toBe(true);
    await sandbox.stop();
  });

  it('but a sandbox of a live owner, or of another host, is left alone', async () => {
    const bystander = await startBystander();
    const owner = identify(process.pid);
    const folder = await leaveFolder({ owner, processes: [bystander] });
    await (await Sandbox.create(directory)).stop();
    await rm(folder, { recursive: true });
    await leaveFolder({ owner: DEAD, host: 'elsewhere', processes: [bystander] });
    await (await Sandbox.create(directory)).stop();
    expect(isAlive(bystander)).toBe(true);
    expect(await readdir(directory)).toEqual(['sandbox-left']);
  });
});
