import { join } from 'node:path';
import process from 'node:process';
import type { Mains } from '@eden/testkit';
import { testSandbox } from '@eden/testkit';

export type Version = 'earlier' | 'this';

export const VERSIONS: readonly Version[] = ['earlier', 'this'];

/** The other one. */
export function other(version: Version): Version {
  return version === 'this' ? 'earlier' : 'this';
}

function folderOf(version: Version): string {
  if (version === 'this') return join(import.meta.dirname, '..', '..');
  const folder = process.env['EDEN_EARLIER_VERSION'];
  if (folder === undefined) throw new Error('no earlier version: start these tests by "npm run test:upgrade"');
  return folder;
}

/** What a gateway and a worker of a version run. */
export function mainsOf(version: Version): Required<Mains> {
  const services = join(folderOf(version), 'services');
  return { gateway: join(services, 'gateway', 'dist', 'main.js'), worker: join(services, 'worker', 'dist', 'main.js') };
}

/** `npm run db:deploy` of a version. */
export async function deploySchema(version: Version, databaseUrl: string): Promise<void> {
  const deploy = await (
    await testSandbox()
  ).startProcess({
    name: `db-deploy-${version}`,
    command: process.execPath,
    args: [join(folderOf(version), 'packages', 'database', 'dist', 'deploy-main.js')],
    env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl },
  });
  const { code } = await deploy.waitForExit();
  if (code !== 0) throw new Error(`The schema of ${version} could not be applied:\n${await deploy.readLog()}`);
}
