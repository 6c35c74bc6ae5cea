import type { ReachOptions } from '@eden/targets';

/** Servers on this machine, and no control database anywhere. */
export const REACH: ReachOptions = {
  allowedNetworks: [],
  allowLoopback: true,
  allowControlServer: false,
  ownServers: [],
  controlServer: {
    identify: () => Promise.resolve({ systemIdentifier: null, databaseOid: 0 }),
    findAdvisoryLock: () => Promise.resolve(null),
  },
};
