import { dirname, join } from 'node:path';
import { findOnPath, isExecutable } from './executables.js';
import { findServer } from './server-package.js';

/** Programs of one MariaDB installation. */
export interface MariaDbPrograms {
  readonly server: string;
  /** Makes the data folder. */
  readonly installer: string;
}

const INSTALLERS = ['mariadb-install-db', 'mysql_install_db'] as const;

/**
 * EDEN_MARIADB_BIN (the server's program), else `mariadbd` from PATH, else root installs it from its system's packages.
 * @throws with the one command that helps.
 */
export async function findMariaDb(): Promise<MariaDbPrograms> {
  const server = await findServer({
    programs: ['mariadbd', 'mysqld'],
    variable: 'EDEN_MARIADB_BIN',
    packages: { 'apt-get': 'mariadb-server', dnf: 'mariadb-server', apk: 'mariadb', brew: 'mariadb' },
  });
  const installer = await installerOf(server);
  if (installer === undefined) throw new Error(`${server} has no ${INSTALLERS[0]} beside it: it makes the data folder`);
  return { server, installer };
}

/** Systems put the server among the programs of root, and the installer among those of everybody. */
async function installerOf(server: string): Promise<string | undefined> {
  const folder = dirname(server);
  for (const place of [folder, join(folder, '..', 'bin'), join(folder, '..', 'scripts')]) {
    for (const name of INSTALLERS) {
      if (await isExecutable(join(place, name))) return join(place, name);
    }
  }
  return findOnPath(...INSTALLERS);
}
