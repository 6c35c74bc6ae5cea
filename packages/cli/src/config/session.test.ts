import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { basename } from 'node:path';
import process from 'node:process';
import { callAt, json, type Handler } from '../testing/call-at.js';
import { newFolder, surroundingsFor } from '../testing/captured.js';
import { configPath, saveProfile } from './config-file.js';

const MINUTE_MS = 60_000;
const UUID = '4d0f0000-0000-4000-8000-000000000000';
const REFRESH = 'POST /api/v1/auth/refresh';

/** A token that lives for so long from now on. */
function tokenFor(minutes: number): string {
  const claims = { sub: 'ann', org_id: 'shop', level: 'Admin', exp: (Date.now() + minutes * MINUTE_MS) / 1000 };
  return `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;
}

/** The same answers, and what each request came with. */
function noting(answers: Readonly<Record<string, Handler>>) {
  const tokens: string[] = [];
  const note = ({ url = '', headers }: IncomingMessage): unknown =>
    tokens.push(`${basename(url.split('?')[0] ?? '')} ${headers.authorization?.replace('Bearer ', '')}`);
  const entries = Object.entries(answers).map(([question, answer]): [string, Handler] => [
    question,
    (request, response) => {
      note(request);
      answer(request, response);
    },
  ]);
  return { tokens, answers: Object.fromEntries(entries) };
}

describe('a session', () => {
  afterEach(() => void jest.useRealTimers());

  it('keeps its token fresh while a watch sends nothing', async () => {
    const real = [
      'setTimeout',
      'clearTimeout',
      'setImmediate',
      'clearImmediate',
      'nextTick',
      'queueMicrotask',
    ] as const;
    jest.useFakeTimers({ doNotFake: [...real, 'performance', 'hrtime'] });
    const [old, fresh] = [tokenFor(15), tokenFor(30)];
    const run = { uuid: UUID, kind: 'migrate', state: 'succeeded', migration_id: 'shop', apis: [] };
    let end: (() => void) | null = null;
    const { tokens, answers } = noting({
      [`GET /api/v1/runs/${UUID}/events`]: (_, response) => {
        if (end !== null) return response.writeHead(204).end();
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        end = () => response.end();
        jest.advanceTimersByTime(9 * MINUTE_MS);
      },
      [REFRESH]: (request, response) => {
        json({ token: fresh })(request, response);
        end?.();
      },
      [`GET /api/v1/runs/${UUID}`]: json({ status: 'success', data: run }),
    });
    const { code } = await callAt(['runs', 'logs', '-f', UUID], answers, { env: { EDEN_TOKEN: old } });
    expect([code, tokens]).toEqual([0, [`events ${old}`, `refresh ${old}`, `events ${fresh}`, `${UUID} ${fresh}`]]);
  });

  it('goes on with the fresh token also where config.toml does not take it', async () => {
    const cwd = newFolder();
    const { surroundings } = surroundingsFor({ cwd });
    const [old, fresh] = [tokenFor(1), tokenFor(15)];
    const { tokens, answers } = noting({
      [REFRESH]: json({ token: fresh }),
      'GET /api/v1/migrations': json({ status: 'success', data: [], next_cursor: null }),
    });
    const prepare = async (url: string): Promise<void> => {
      await saveProfile(surroundings, 'default', { url, token: old });
      mkdirSync(`${configPath(surroundings)}.${process.pid}`);
    };
    const { code } = await callAt(['migrations', 'list'], answers, { cwd, env: { EDEN_TOKEN: '' }, prepare });
    expect([code, tokens]).toEqual([0, [`refresh ${old}`, `migrations ${fresh}`]]);
  });
});
