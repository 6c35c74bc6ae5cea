import { atEndOfFile, createControlDatabase as createEmpty } from '@eden/testkit';
import { createControlDatabase, type ControlDatabase } from '../control-database.js';

/** The key that all tests encrypt with. */
const TEST_KEY = Buffer.alloc(32, 7);

/** As one more process would open it. */
export function openControl(url: string, installationName?: string): ControlDatabase {
  return createControlDatabase({ url, encryptionKeys: [TEST_KEY], installationName });
}

/** A control database of the test file's own, open until its end. */
export async function newControl(): Promise<{ readonly url: string; readonly control: ControlDatabase }> {
  const { url } = await createEmpty();
  const control = openControl(url);
  atEndOfFile(() => control.close());
  return { url, control };
}
