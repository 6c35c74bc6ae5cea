import { createFleet, renewFleet, query } from '../harness/fleet.mjs';
import { OurFleet } from '../harness/ours.mjs';
import { withPeers } from '../harness/peer-process.mjs';
import { alternate } from '../harness/rounds.mjs';
import { withService } from '../harness/service.mjs';

const settings = { rounds: 3, triggers: 5, stepSeconds: 0.5 };

/** A sequence counts the tries, since it keeps what a rolled back transaction has taken from it. */
const SCHEMA = 'CREATE SEQUENCE tries';
/** Long done when the triggers come: every tool has its own tables by then. */
const EARLIER = ['SELECT 1;'];
const STEP = `CREATE TABLE customers (id int);
   SELECT nextval('tries');
   SELECT pg_sleep(${settings.stepSeconds});`;

export const benchmark = {
  description:
    'five equal triggers at once: how often the work was begun, and how many triggers were told that it is done',
  settings,
  run: () =>
    withService((service) =>
      withPeers(EARLIER, (earlier) => withPeers([...EARLIER, STEP], (peers) => measure(service, earlier, peers))),
    ),
};

async function measure({ client, clusters }, earlier, peers) {
  const fleet = await createFleet([clusters.first], ['duplicates']);
  const ours = await OurFleet.describe(client, fleet, [STEP]);
  let migrations = 0;
  const sides = Object.fromEntries(
    peers.names.map((name) => [name, () => triggerPeer(earlier, peers, name, fleet[0].url)]),
  );
  sides.ours = () => triggerOurs(ours, `duplicates_${(migrations += 1)}`);
  const figures = await alternate(Object.keys(sides), settings.rounds, async (side) => {
    await renewFleet(fleet);
    await query(fleet[0].url, SCHEMA);
    const answers = await sides[side]();
    const [{ tries }] = await query(
      fleet[0].url,
      'SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS tries FROM tries',
    );
    return { begun: Number(tries), answers };
  });
  return [...figures].map(([side, rounds]) => summarize(side, rounds));
}

async function triggerPeer(earlier, peers, name, url) {
  await earlier.start(name, [url]).ended;
  return Promise.all(Array.from({ length: settings.triggers }, () => peers.start(name, [url]).ended));
}

async function triggerOurs(ours, id) {
  await ours.create(id);
  await ours.client.post(`/migrations/${id}/sync`);
  const triggers = Array.from({ length: settings.triggers }, () => ours.client.post(`/migrations/${id}/migrate`));
  return (await Promise.allSettled(triggers)).map(({ status, reason }) => ({
    ok: status === 'fulfilled',
    error: reason?.message,
  }));
}

function summarize(side, rounds) {
  const answers = rounds.flatMap((round) => round.answers);
  return {
    side,
    triggers: settings.triggers,
    begun: rounds.map(({ begun }) => begun).join(' '),
    told_done: rounds.map((round) => round.answers.filter(({ ok }) => ok).length).join(' '),
    error: answers.find(({ ok }) => !ok)?.error ?? '',
  };
}
