import { expect, it } from '@jest/globals';
import { readConfig, saveProfile } from '../config/config-file.js';
import { callAt, json } from '../testing/call-at.js';
import { newFolder, surroundingsFor } from '../testing/captured.js';

it('eden login --profile renews that profile where it leads, whatever EDEN_URL says', async () => {
  const cwd = newFolder();
  const { surroundings } = surroundingsFor({ cwd });
  const { code, asked, err } = await callAt(
    ['login', '--profile', 'staging', '--org', 'shop', '--username', 'ann', '--password-stdin'],
    { 'POST /api/v1/auth/login': json({ token: 'fresh' }) },
    {
      cwd,
      input: 'geheim\n',
      env: { EDEN_URL: 'http://127.0.0.1:9' },
      prepare: (url) => saveProfile(surroundings, 'staging', { url }),
    },
  );
  expect({ code, asked, err }).toMatchObject({ code: 0, asked: ['POST /api/v1/auth/login'] });
  expect((await readConfig(surroundings)).profiles['staging']).toMatchObject({ token: 'fresh', username: 'ann' });
});
