import { releaseServers } from './servers.js';

export default releaseServers;
