import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ENDPOINT_KINDS } from '@eden/domain';
import { createTargets } from './index.js';
import { REACH } from './testing/fixtures.js';

it.each(ENDPOINT_KINDS)('%s has its adapter, and a folder with the conformance suite', async (kind) => {
  const targets = createTargets({ reach: REACH });
  expect(targets.adapter(kind).kind).toBe(kind);
  const suite = join(import.meta.dirname, kind.toLowerCase(), 'conformance.integration.test.ts');
  expect(existsSync(suite)).toBe(true);
  await targets.close();
});
