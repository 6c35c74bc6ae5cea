import { setTimeout as pause } from 'node:timers/promises';
import { OurFleet } from '../harness/ours.mjs';
import { createFleet } from '../harness/fleet.mjs';
import { round, summarize, withService } from '../harness/service.mjs';

const settings = { alone: 40, pauseMs: 150, together: 64 };

export const benchmark = {
  description: 'from the 202 of a run to its T1, one after the other and many at once: outbox, relay, queue and worker',
  settings,
  run: () => withService(measure),
};

async function measure({ client, clusters }) {
  const [database] = await createFleet([clusters.first], ['queue_0']);
  const names = Array.from({ length: settings.together }, (_, n) => `queue_${n}`);
  const fleet = names.map((name) => ({ ...database, name }));
  const ours = await OurFleet.describe(client, fleet, ['SELECT 1']);
  await createMigrations(ours, names);
  const alone = [];
  for (let n = 0; n < settings.alone; n += 1) {
    await pause(settings.pauseMs);
    alone.push(await toStart(ours, await askFor(ours, names[n % names.length])));
  }
  const startedAt = performance.now();
  const asked = await Promise.all(names.map((name) => askFor(ours, name)));
  const together = await Promise.all(asked.map((run) => toStart(ours, run)));
  const seconds = (performance.now() - startedAt) / 1_000;
  return [
    { runs: 'one after the other, idle', ...summarize(alone) },
    { runs: `${names.length} at once`, ...summarize(together), runs_per_second: round(names.length / seconds) },
  ];
}

/** A migration of one API each, so that no run waits for another. */
async function createMigrations(ours, names) {
  for (const name of names) {
    await ours.client.post('/migrations', { id: name });
    const bindings = [{ template: `${name}.1`, fields: {} }];
    await ours.client.post(`/migrations/${name}/add_api`, { id: name, bindings });
  }
}

/** A sync, which may be asked for again and again. */
async function askFor(ours, id) {
  const uuid = await ours.request(id, 'sync');
  return { uuid, answeredAt: Date.now() };
}

/** Milliseconds from the answer to the event of T1, by the clock that all of this machine share. */
async function toStart(ours, { uuid, answeredAt }) {
  for (;;) {
    const { state, started_at: startedAt } = await ours.run(uuid);
    if (['succeeded', 'failed', 'cancelled'].includes(state)) return Date.parse(startedAt) - answeredAt;
    await pause(20);
  }
}
