import { ControlHosts } from './control-hosts.js';

/** How the control database is reached. */
export interface ControlAddress {
  /** postgresql://…, of one host or several (docs/reference/settings.md). */
  readonly url: string;
  /** Where `url` leads to a pooler: the way past it, for what needs a session of its own. */
  readonly directUrl?: string | undefined;
}

/** All work goes this way; a place is where this leads. @throws TypeError for what is no connection string */
export function workHosts({ url, directUrl }: ControlAddress): ControlHosts {
  return new ControlHosts(url, { lendsSessions: directUrl !== undefined });
}

/** For LISTEN, and for the schema: those of the work where there is no pooler. @throws TypeError for what is no connection string */
export function directHosts({ directUrl }: ControlAddress, work: ControlHosts): ControlHosts {
  if (directUrl === undefined) return work;
  const direct = new ControlHosts(directUrl);
  work.onDemoted(() => direct.demoted());
  return direct;
}
