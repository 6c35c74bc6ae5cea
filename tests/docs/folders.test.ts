import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster, type Cluster } from '@eden/testkit';
import { CliWorld } from '../cli/cli-world.js';
import { runDocument } from './runnable-document.js';

const ROOT = join(import.meta.dirname, '..', '..');
const SHOP = join(ROOT, 'examples', 'shop');
const EDEN = join(ROOT, 'packages', 'cli', 'bin', 'eden.js');

/** The documents about folders: one service, and for each an organization, a folder and databases as `eden dev` gives them. */
describe('every command of the docs about folders runs, and prints what stands there:', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await startCluster();
  });

  /** Runs it as somebody who stands in the world's folder; what programs write to stderr is part of what they print. */
  async function follow(file: string, { folder, environment }: CliWorld, more: object = {}): Promise<void> {
    const variables = Object.entries({ ...environment, CLONE: ROOT, ...more });
    const exports = variables.map(([name, value]) => `export ${name}='${String(value)}'`);
    const pasted = ['exec 2>&1', `cd '${folder}'`, ...exports, `eden() { '${process.execPath}' '${EDEN}' "$@"; }`];
    expect(await runDocument(file, pasted.join('\n'))).toEqual({ deviation: null, stderr: '' });
  }

  it('your-own-folders', async () => {
    await follow('docs/tutorial/your-own-folders.md', await CliWorld.create(cluster));
  });

  it('four-weeks', async () => {
    const world = await CliWorld.create(cluster, ['customers', 'catalog', 'orders', 'billing']);
    await follow('docs/tutorial/four-weeks.md', world);
  });

  it('bring-your-folders', async () => {
    const world = await CliWorld.create(cluster);
    const services = join(world.folder, 'services');
    cpSync(join(SHOP, 'catalog'), join(services, 'users'), { recursive: true });
    cpSync(join(SHOP, 'customers'), join(services, 'orders'), { recursive: true });
    const { gatewayUrl, token } = world.client;
    await follow('docs/how-to/bring-your-folders.md', world, { EDEN: gatewayUrl, TOKEN: token });
  });

  it('apply-from-ci', async () => {
    const world = await CliWorld.create(cluster);
    mkdirSync(join(world.folder, 'db'));
    writeFileSync(
      join(world.folder, 'db', '20250101000000_users.sql'),
      '-- migrate:up\nCREATE TABLE users (id int);\n',
    );
    const common = 'version: 1\nmigration: shop\nsources: [{ endpoint: users, tool: dbmate, path: db }]\n';
    world.write('eden.yaml', `${common}endpoints: { users: { kind: Postgres, url: env:STAGING } }\n`);
    world.write('eden.prod.yaml', 'endpoints: { users: { kind: Postgres, url: env:USERS_DATABASE_URL } }\n');
    const password = 'correct-horse-battery';
    await world.client.post('/iam/users', { username: 'ci', password, access_level: 'Admin' });
    const login = { EDEN_URL: world.client.gatewayUrl, ORG: world.organization, PASSWORD: password };
    await follow('docs/how-to/apply-from-ci.md', world, login);
  });
});
