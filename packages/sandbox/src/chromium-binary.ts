import { findServer } from './server-package.js';

/**
 * EDEN_CHROMIUM_BIN, else Chromium from PATH, else root installs it from its system's packages.
 * @throws with the one command that helps.
 */
export function findChromium(): Promise<string> {
  return findServer({
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    variable: 'EDEN_CHROMIUM_BIN',
    packages: { 'apt-get': 'chromium', dnf: 'chromium', apk: 'chromium', brew: 'chromium' },
  });
}
