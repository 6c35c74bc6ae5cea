import { beforeAll, expect, it } from '@jest/globals';
import type { ApiClient, Organization } from '@eden/testkit';
import { startCluster } from '@eden/testkit';

const ROUNDS = 10;
const CLIENTS = 8;
/** Of each client, after the revocation was answered. */
const LAST_REQUESTS = 3;

let organization: Organization;
let other: string;

beforeAll(async () => {
  const cluster = await startCluster({ gateways: 2, workers: 0 });
  organization = await cluster.createOrganization();
  other = cluster.gateways[1]?.url ?? '';
});

/** Statuses of requests that never pause: of those sent before `work` was answered, and of those sent after. */
async function askDuring(user: ApiClient, work: () => Promise<unknown>) {
  const asked = { before: new Set<number>(), after: new Set<number>() };
  let isDone = false;
  const clients = Array.from({ length: CLIENTS }, async () => {
    for (let last = 0; last < LAST_REQUESTS; last += isDone ? 1 : 0) {
      const statuses = isDone ? asked.after : asked.before;
      statuses.add((await user.get('/migrations')).status);
    }
  });
  await user.get('/migrations');
  await work();
  isDone = true;
  await Promise.all(clients);
  return asked;
}

it('a token revoked at one gateway is refused by a busy other one from the moment of the answer', async () => {
  const { client } = organization;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { body } = await client.post<{ token: string }>('/auth/refresh');
    const user = client.withToken(body.token);
    const { before, after } = await askDuring(user.at(other), () => user.post('/auth/logout'));
    expect(before).toContain(200);
    expect(after).toEqual(new Set([401]));
  }
});

it('a user removed at one gateway is refused by a busy other one from the moment of the answer', async () => {
  const { client, id } = organization;
  const ann = { username: 'ann', password: 'the password of ann' };
  await client.post('/iam/users', ann);
  const user = await client.logIn(id, ann.username, ann.password);
  const { before, after } = await askDuring(user.at(other), () => client.delete('/iam/users/ann'));
  expect(before).toContain(200);
  expect(after).toEqual(new Set([401]));
});
