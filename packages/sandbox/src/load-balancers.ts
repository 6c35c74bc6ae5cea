import { findServer } from './server-package.js';

/**
 * EDEN_HAPROXY_BIN, else `haproxy` from PATH, else root installs it from its system's packages.
 * @throws with the one command that helps.
 */
export function findHaproxy(): Promise<string> {
  return findServer({ programs: ['haproxy'], variable: 'EDEN_HAPROXY_BIN', packages: packageOf('haproxy') });
}

/**
 * EDEN_NGINX_BIN, else `nginx` from PATH, else root installs it from its system's packages.
 * @throws with the one command that helps.
 */
export function findNginx(): Promise<string> {
  return findServer({ programs: ['nginx'], variable: 'EDEN_NGINX_BIN', packages: packageOf('nginx') });
}

/** Every system calls them by their own names. */
function packageOf(name: string): Record<'apt-get' | 'dnf' | 'apk' | 'brew', string> {
  return { 'apt-get': name, dnf: name, apk: name, brew: name };
}
