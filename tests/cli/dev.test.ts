import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEden, type Outcome, type Running } from './eden-process.js';

const UP = 'Ctrl-C stops it';

/** The whole service is started four times, servers and all. */
const STARTS_MS = 600_000;

describe('eden dev', () => {
  const folder = mkdtempSync(join(tmpdir(), 'eden-dev-'));
  const running: Running[] = [];

  function start(...argv: string[]): Running {
    const started = startEden(argv, { cwd: folder, env: { XDG_CONFIG_HOME: join(folder, 'config') } });
    running.push(started);
    return started;
  }

  const eden = (...argv: string[]): Promise<Outcome> => start(...argv).ended;

  /** As a terminal does, twice: once from it and once from npm. */
  async function interrupt({ child, ended }: Running): Promise<Outcome> {
    child.kill('SIGINT');
    child.kill('SIGINT');
    return ended;
  }

  function targetOf({ written }: Running): string {
    return /TARGET_1_DATABASE_URL=(\S+)/.exec(written().out)?.[1] ?? '';
  }

  afterAll(async () => {
    await Promise.all(running.map(async ({ child, ended }) => child.exitCode ?? (child.kill('SIGINT'), await ended)));
  });

  it(
    'is the whole service, keeps what it knows, and stands beside a second one',
    async () => {
      const first = start('dev', '--with-targets', '1');
      await first.says(UP);
      writeFileSync(
        join(folder, 'eden.yaml'),
        `version: 1
migration: shop
endpoints: { users: { kind: Postgres, url: "${targetOf(first)}" } }
templates: [{ id: make, template: { endpoint: users, kind: Write, template: { query: CREATE TABLE users () } } }]
apis: [{ id: users, bindings: [{ template: make }] }]
`,
      );
      expect(await eden('apply', '--wait', '--yes')).toMatchObject({ code: 0 });
      expect(await eden('dev')).toMatchObject({ code: 1, err: expect.stringContaining('runs here already as dev') });

      const second = start('dev', '--name', 'second');
      await second.says(UP);
      expect(await eden('migrations', 'list', '-o', 'name', '--profile', 'second')).toMatchObject({ code: 0, out: '' });
      expect(await eden('migrations', 'list', '-o', 'name')).toMatchObject({ code: 0, out: 'migration/shop\n' });
      expect(await interrupt(second)).toMatchObject({ code: 0 });
      expect(await interrupt(first)).toMatchObject({ code: 0 });

      const again = start('dev');
      await again.says(UP);
      expect(targetOf(again)).toBe(targetOf(first));
      expect(await eden('apply', '--wait', '--yes')).toMatchObject({
        code: 0,
        err: expect.stringContaining('Nothing to do'),
      });
      expect(await interrupt(again)).toMatchObject({ code: 0 });

      const anew = start('dev', '--reset');
      await anew.says(UP);
      expect(await eden('migrations', 'list', '-o', 'name')).toMatchObject({ code: 0, out: '' });
      expect(await interrupt(anew)).toMatchObject({ code: 0 });
    },
    STARTS_MS,
  );
});
