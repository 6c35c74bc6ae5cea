import process from 'node:process';

/*
 * Process 1 of a container has no default for SIGTERM: a service that has not come far enough to hear it would be waited for, and then
 * killed. It has taken no work yet, so it ends at once; from when it has a listener of its own, that one decides.
 */
const TERMINATED = 128 + 15;

process.on('SIGTERM', () => {
  if (process.listenerCount('SIGTERM') === 1) process.exit(TERMINATED);
});
