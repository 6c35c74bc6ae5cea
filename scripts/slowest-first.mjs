import Sequencer from '@jest/test-sequencer';

const SLOWEST_FIRST = ['crash', 'failover', 'model', 'security', 'e2e', 'integration', 'unit'];

/**
 * Jest test sequencer: the kinds that wait for leases and restarts go first, so that the last file of a run is a short one and no
 * processor waits at the end. Within a kind it is Jest's own order.
 */
export default class SlowestFirst extends Sequencer {
  sort(tests) {
    const kindOf = ({ context }) => SLOWEST_FIRST.indexOf(context.config.displayName?.name);
    return [...super.sort(tests)].sort((a, b) => kindOf(a) - kindOf(b));
  }
}
