import { acquireServers } from './servers.js';

export default acquireServers;
