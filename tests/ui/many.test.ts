import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, expect, it } from '@jest/globals';
import { eventually, startCluster, withClient, type Cluster } from '@eden/testkit';
import { Reader, startBrowser } from './browser.js';
import { UiWorld } from './ui-world.js';

const MIGRATIONS = 1_000;
const DATABASES = 500;
const EVENTS = 50_000;
const LINES = 10_000;
const ROUNDS = 20;

let cluster: Cluster;
let ui: UiWorld;
let reader: Reader;

beforeAll(async () => {
  cluster = await startCluster({});
  ui = await UiWorld.create(cluster);
  await ui.release('large', 'Many databases, many events', {});
  await ui.run('large', 'sync');
  reader = await Reader.open(await startBrowser(), ui.url);
  await reader.goTo('/');
  await reader.logIn(ui.admin);
});

/** The longest time in which the page did not answer its reader: told, as a busy machine is slow itself. */
const WATCH = `window.longest = 0; new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
}).observe({ entryTypes: ['longtask'] });`;

async function tellLongestTask(of: string): Promise<void> {
  process.stderr.write(`longest task of ${of}: ${await reader.page.evaluate<number>('window.longest')} ms\n`);
}

it('a thousand migrations: the list is scrolled to its end, and only what is in sight is on the page', async () => {
  await withClient(cluster.databaseUrl, (session) =>
    session.query(
      `INSERT INTO migrations (uuid, organization_uuid, id, parameters, options, created_by, created_at)
       SELECT gen_random_uuid(), organization_uuid, 'many-' || n, '{}', '{}', 'ann', now() + n * interval '1 ms'
         FROM migrations, generate_series(1, $1) AS n WHERE id = 'large'`,
      [MIGRATIONS],
    ),
  );
  const { page } = reader;
  await reader.goTo('/');
  await page.getByText(`All ${MIGRATIONS + 1}`).waitFor();
  await page.evaluate(WATCH);
  await page.getByRole('link', { name: `many-${MIGRATIONS}`, exact: true }).waitFor();
  const last = page.getByRole('link', { name: 'large', exact: true });
  // Each turn asks for the next page of the list.
  await eventually(async () => {
    await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)');
    expect(await last.count()).toBe(1);
  });
  expect(await page.getByRole('row').count()).toBeLessThan(120);
  await tellLongestTask('the end of a list of 1 000 migrations');
});

it('a run over 500 databases with 50 000 events: the picture and the log stay at hand', async () => {
  await withClient(cluster.databaseUrl, async (session) => {
    const { rows } = await session.query<{ uuid: string }>(`SELECT uuid FROM runs WHERE migration_id = 'large'`);
    const run = rows[0]?.uuid;
    await session.query(
      `INSERT INTO run_apis (organization_uuid, run_uuid, api_uuid, api_id, stage, position, state, class)
       SELECT organization_uuid, uuid, gen_random_uuid(), 'api-' || n, 0, n, 'succeeded', '2pc' FROM runs, generate_series(1, $2::int) n WHERE uuid = $1`,
      [run, DATABASES],
    );
    await session.query(
      `INSERT INTO run_bindings (organization_uuid, run_uuid, api_uuid, position, record)
       SELECT a.organization_uuid, run_uuid, api_uuid, 0, json_build_object('template', NULL, 'templateId', 'f.sql', 'state', 'succeeded', 'attempts', 1,
              'rows', 7, 'estimatedRows', NULL, 'executionTimeMs', 5, 'references', '{}'::json, 'error', NULL,
              'endpoint', json_build_object('uuid', gen_random_uuid(), 'id', 'db-' || a.position),
              'startedAt', to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
              'finishedAt', to_char((r.created_at + interval '1 s') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
         FROM run_apis a JOIN runs r ON r.uuid = run_uuid WHERE run_uuid = $1`,
      [run],
    );
    await session.query(
      `INSERT INTO run_events (organization_uuid, run_uuid, sequence, type, data)
       SELECT organization_uuid, uuid, 1000 + n, 'notice', json_build_object('endpoint_id', 'db-1', 'severity', 'NOTICE', 'sqlstate', '00000', 'message', 'row ' || n)
         FROM runs, generate_series(1, $2::int) n WHERE uuid = $1`,
      [run, EVENTS],
    );
  });
  const { page } = reader;
  await page.addInitScript(WATCH);
  await reader.goTo('/migrations/large');
  await page.getByText(`row ${EVENTS}`, { exact: false }).first().waitFor({ state: 'attached' });
  expect(await page.locator('.lane').count()).toBe(DATABASES);
  expect(await page.evaluate<number>('document.querySelectorAll("*").length')).toBeLessThan(8_000);
  expect(await page.getByRole('table', { name: 'Events of the run' }).getByRole('row').count()).toBeLessThan(120);
  await tellLongestTask('a run over 500 databases with 50 000 events');
  expect(reader.complaints).toEqual([]);
});

it('a file of ten thousand lines: those in sight are on the page, and its end is a key away', async () => {
  const lines = Array.from({ length: LINES }, (_, index) => `INSERT INTO t VALUES (${index});`);
  const file = { path: '20240701000000_long.sql', text: `-- migrate:up\n${lines.join('\n')}\n-- migrate:down\n` };
  await ui.release('long-file', 'A file that is long', { customers: [file] });
  const { page } = reader;
  await reader.goTo('/migrations/long-file/sources');
  await page.getByRole('button', { name: file.path }).click();
  const text = page.getByRole('region', { name: `Text of ${file.path}` });
  await text.getByText('VALUES (0)').waitFor();
  expect(await text.locator('.code-line').count()).toBeLessThan(200);
  await text.focus();
  await page.keyboard.press('End');
  await text.getByText(`VALUES (${LINES - 1})`).waitFor();
  expect(await text.locator('.code-line').count()).toBeLessThan(200);
  await reader.expectAccessible();
  expect(reader.complaints).toEqual([]);
});

it('an event of a worker is on the page soon: the times are told', async () => {
  const { page } = reader;
  const times: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const id = `seen-${round}`;
    await ui.world.accept('/migrations', { id });
    await reader.goTo(`/migrations/${id}`);
    await page.getByText('It has not run yet').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const seen = page.evaluate<number>(`new Promise((resolve) => {
      const look = () => document.querySelector('main')?.textContent.includes('Succeeded') && resolve(Date.now());
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    })`);
    await ui.world.client.post(`/migrations/${id}/sync`, {}, { prefer: 'respond-async' });
    const at = await seen;
    const { body } = await ui.world.client.get<{ data: { run: { finished_at: string } } }>(`/migrations/${id}`);
    times.push(at - Date.parse(body.data.run.finished_at));
  }
  times.sort((a, b) => a - b);
  const [p50, p95] = [times[Math.floor(ROUNDS / 2)] ?? 0, times[Math.floor(ROUNDS * 0.95) - 1] ?? 0];
  const line = `from an event in the worker to the page: p50 ${p50} ms, p95 ${p95} ms (${ROUNDS} syncs)\n`;
  writeFileSync(join(process.env['EDEN_UI_PICTURES'] ?? '.', 'latency.txt'), line);
  process.stderr.write(line);
});
