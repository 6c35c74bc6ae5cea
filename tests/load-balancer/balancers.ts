import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** A program that stands in front of gateways on this machine, with a configuration that users have. */
export interface Balancer {
  readonly name: 'HAProxy' | 'nginx';
  /** The file as it is shipped. */
  readonly file: string;
  /** The same file, with addresses of this machine. */
  configuration(port: number, gatewayPorts: readonly number[]): string;
  /** What the program is started with, for a configuration in a folder that it may write to. */
  args(file: string, folder: string): readonly string[];
}

function shipped(file: string): string {
  return readFileSync(join(REPOSITORY, file), 'utf8');
}

/** @throws Error where the file no longer has what has to be replaced */
function replaced(text: string, pattern: RegExp, by: string): string {
  if (!pattern.test(text)) throw new Error(`${pattern} matches nothing`);
  return text.replace(pattern, by);
}

const HAPROXY_FILE = 'docker/haproxy/haproxy.cfg';
const NGINX_FILE = 'examples/load-balancer/nginx.conf';

export const HAPROXY: Balancer = {
  name: 'HAProxy',
  file: HAPROXY_FILE,
  configuration: (port, gatewayPorts) => {
    const servers = gatewayPorts.map((own, n) => `    server gateway-${n + 1} 127.0.0.1:${own}`).join('\n');
    const text = replaced(shipped(HAPROXY_FILE), /^ *server-template .*$/m, servers);
    return replaced(text, /bind :8000/, `bind 127.0.0.1:${port}`);
  },
  args: (file) => ['-f', file],
};

export const NGINX: Balancer = {
  name: 'nginx',
  file: NGINX_FILE,
  configuration: (port, gatewayPorts) => {
    const servers = gatewayPorts
      .map((own) => `        server 127.0.0.1:${own} max_fails=1 fail_timeout=5s;`)
      .join('\n');
    const text = replaced(shipped(NGINX_FILE), /^( *server gateway-\d:8000 .*\n)+/m, `${servers}\n`);
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `    ${name}_temp_path ${name};\n`,
    );
    return replaced(
      replaced(text, /listen 8000/, `listen 127.0.0.1:${port}`),
      /^http \{\n/m,
      `http {\n${paths.join('')}`,
    );
  },
  args: (file, folder) => ['-p', folder, '-c', file, '-e', 'stderr', '-g', 'daemon off; pid nginx.pid;'],
};

export const BALANCERS: readonly Balancer[] = [HAPROXY, NGINX];
