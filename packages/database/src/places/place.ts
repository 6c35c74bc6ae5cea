import { isIP } from 'node:net';
import { readHostList } from '@eden/domain';
import pg from 'pg';

/** Where a process reaches its control database. */
export interface Place {
  /** In lower case; the name of the installation where the host says nothing. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/**
 * The places that a connection string leads to, one for each host, as the driver itself reads them.
 * @param installationName EDEN_INSTALLATION: stands in for a host that means another machine wherever it is said, which
 *   are sockets, loopback addresses and names without a dot.
 */
export function placesOf(url: string, installationName: string | undefined): readonly Place[] {
  const places = (readHostList(url)?.urls ?? [url]).map((each) => placeOf(each, installationName));
  return places.filter((place, index) => places.findIndex((other) => isSamePlace(other, place)) === index);
}

export function isSamePlace(a: Place, b: Place): boolean {
  return a.host === b.host && a.port === b.port && a.database === b.database;
}

function placeOf(url: string, installationName: string | undefined): Place {
  const { host, port, database = '' } = new pg.Client({ connectionString: url });
  const name = host.toLowerCase().replace(/\.$/, '');
  return { host: installationName !== undefined && saysNothing(name) ? installationName : name, port, database };
}

const LOOPBACK = /^(127\.|::1$|::ffff:7f)/;

function saysNothing(host: string): boolean {
  if (isIP(host) !== 0) return LOOPBACK.test(host);
  return host.startsWith('/') || !host.includes('.') || host.endsWith('.localhost');
}

/** As messages to operators name it. */
export function placeName({ host, port, database }: Place): string {
  return `${host}:${port}/${database}`;
}

export function placeNames(places: readonly Place[]): string {
  return places.map(placeName).join(', ');
}
