import { withClient } from '@eden/testkit';
import { newControl } from './testing/control.js';
import { describeControlContract } from './testing/contract/contract.js';
import { addApi, addEndpoint, addMigration, addTemplate, attach, createTenant, type Scene } from './testing/tenants.js';

const { url, control } = await newControl();
const tenant = await createTenant(control);
let scenes = 0;

/** In one organization, so that there are fewer rows to write. */
async function newScene(): Promise<Scene> {
  const name = `scene-${(scenes += 1)}`;
  const endpoint = await addEndpoint(tenant, name);
  const template = await addTemplate(tenant, name, endpoint);
  const [api, migration] = await Promise.all([addApi(tenant, name, template), addMigration(tenant, name)]);
  const scene = { control, tenant, endpoint, template, api, migration };
  await attach(scene);
  return scene;
}

async function change(set: string, run: string): Promise<void> {
  await withClient(url, (client) => client.query(`UPDATE runs SET ${set} WHERE uuid = $1`, [run]));
}

describeControlContract({
  newScene,
  silence: (_, run) => change(`heartbeat_at = now() - interval '1 hour'`, run),
  takeOver: (_, run) => change(`timeline = 'another'`, run),
});
