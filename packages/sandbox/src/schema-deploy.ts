import { join } from 'node:path';
import type { Sandbox } from './sandbox.js';
import type { Environment } from './service-process.js';

const DEPLOY = join(import.meta.dirname, '..', '..', 'database', 'dist', 'deploy-main.js');

/** `npm run db:deploy` for the control database of `env`. @throws Error with what it wrote when it fails */
export async function deployControlSchema(sandbox: Sandbox, env: Environment): Promise<void> {
  const deploy = await sandbox.startProcess({
    name: 'db-deploy',
    command: process.execPath,
    args: [DEPLOY],
    env: { PATH: process.env['PATH'], ...env },
  });
  const { code } = await deploy.waitForExit();
  if (code !== 0) throw new Error(`The control schema could not be applied:\n${await deploy.readLog()}`);
}
