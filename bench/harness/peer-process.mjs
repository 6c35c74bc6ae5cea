import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PEERS, writeSteps } from './peers.mjs';

const MAIN = join(import.meta.dirname, 'peer-main.mjs');

/** The other tools with the same steps, each in its own process. */
export async function withPeers(steps, work) {
  const folder = await mkdtemp(join(tmpdir(), 'eden-bench-'));
  try {
    const folders = Object.entries(PEERS).map(([name, peer]) => [name, writeSteps(peer, join(folder, name), steps)]);
    return await work(new PeerProcesses(Object.fromEntries(folders)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

class PeerProcesses {
  constructor(folders) {
    this.folders = folders;
  }

  get names() {
    return Object.keys(this.folders);
  }

  /** Migrates the databases, one after the other. */
  start(name, urls) {
    const args = [MAIN, name, this.folders[name], ...urls];
    const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    const said = text(child.stderr);
    const ended = once(child, 'exit').then(async ([code]) => ({ ok: code === 0, error: firstLine(await said) }));
    return {
      ended,
      /** kill -9, also of the program that a tool consists of. */
      kill: async () => {
        process.kill(-child.pid, 'SIGKILL');
        await ended;
      },
    };
  }
}

function firstLine(said) {
  return said.trim().split('\n')[0].slice(0, 120);
}
