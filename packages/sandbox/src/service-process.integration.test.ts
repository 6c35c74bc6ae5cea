import { describe, expect, it } from '@jest/globals';
import { testSandbox } from '@eden/testkit';
import { freePort, ServiceProcess } from './index.js';

/** A service as the kit sees one: JSON lines, /readyz, and an orderly end whose exit code is its first argument. */
const SERVICE = `
  const { createServer } = require('node:http');
  const [exitCode, port] = process.argv.slice(1).map(Number);
  const server = createServer((request, response) => response.end('ready')).listen(port, '127.0.0.1');
  console.log(JSON.stringify({ msg: 'listening' }));
  process.on('SIGTERM', () => {
    console.log('not JSON');
    console.log(JSON.stringify({ msg: 'drained' }));
    process.exit(exitCode);
  });
`;

async function startMember(name: string, script: string, exitCode = 0): Promise<ServiceProcess> {
  const port = await freePort();
  const args = ['--eval', script, String(exitCode), String(port)];
  const process_ = await (await testSandbox()).startProcess({ name, command: process.execPath, args });
  return ServiceProcess.whenReady(process_, `http://127.0.0.1:${port}`);
}

describe('a service in a process of its own', () => {
  it('is ready when it says so, drains on SIGTERM, and its JSON lines can be read', async () => {
    const member = await startMember('orderly', SERVICE);
    expect(await (await fetch(member.url)).text()).toBe('ready');
    await member.stop();
    expect(await member.logs()).toEqual([{ msg: 'listening' }, { msg: 'drained' }]);
  });

  it('that drains badly fails the test', async () => {
    const member = await startMember('disorderly', SERVICE, 3);
    await expect(member.stop()).rejects.toThrow('disorderly ended with exit code 3 on SIGTERM');
  });

  it('that does not drain in time is killed and fails the test', async () => {
    const member = await startMember(
      'stubborn',
      `${SERVICE} process.removeAllListeners('SIGTERM').on('SIGTERM', () => {})`,
    );
    await expect(member.stop(50)).rejects.toThrow('stubborn ended with SIGKILL on SIGTERM');
  });

  it('stays silent while it is frozen, and may be stopped after it was killed', async () => {
    const member = await startMember('frozen', SERVICE);
    member.freeze();
    const impatient = fetch(member.url, { signal: AbortSignal.timeout(100) });
    await expect(impatient).rejects.toThrow(/timeout/);
    member.thaw();
    expect((await fetch(member.url)).ok).toBe(true);
    await member.kill();
    await member.stop();
  });

  it('that ends while starting fails with what it has written', async () => {
    const member = startMember('broken', `throw new Error('bad configuration')`);
    await expect(member).rejects.toThrow(/broken ended while starting[^]*bad configuration/);
  });
});
