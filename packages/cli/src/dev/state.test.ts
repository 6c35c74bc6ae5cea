import { expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '../testing/captured.js';
import { DevFolder } from './state.js';

it('what is kept is for its owner alone, and git adds nothing of it', async () => {
  const cwd = newFolder();
  execFileSync('git', ['init', '--quiet'], { cwd });
  const folder = new DevFolder(cwd, 'dev');
  await folder.take();
  await folder.writeState(await folder.readState());
  expect(statSync(join(folder.path, 'state.json')).mode & 0o777).toBe(0o600);
  expect(execFileSync('git', ['status', '--porcelain'], { cwd }).toString()).toBe('');
});
