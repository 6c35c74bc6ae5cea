import type { Endpoint } from '@eden/client';

/** Where an endpoint leads, in one line, as far as it is shown. */
export function placeOf(config: Endpoint['config']): string {
  const { host, port, database, url, base_url: baseUrl } = config as Readonly<Record<string, unknown>>;
  if (typeof baseUrl === 'string') return baseUrl;
  if (typeof url === 'string') return url;
  if (typeof host !== 'string') return '';
  const at = port === undefined ? host : `${host}:${String(port)}`;
  return database === undefined ? at : `${at}/${String(database)}`;
}
