import { Sandbox } from '@eden/sandbox';
import { atEndOfFile } from './test-file.js';
import { testServers } from './test-servers.js';

let sandbox: Promise<Sandbox> | undefined;

/** Servers and processes of this test file's own. They end with it. */
export function testSandbox(): Promise<Sandbox> {
  sandbox ??= createSandbox();
  return sandbox;
}

async function createSandbox(): Promise<Sandbox> {
  const created = await Sandbox.create(testServers().filesDirectory);
  atEndOfFile(() => created.stop());
  return created;
}
