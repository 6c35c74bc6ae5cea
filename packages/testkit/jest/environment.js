import { TestEnvironment } from 'jest-environment-node';

/** The same symbol in every realm: what the testkit, loaded by a test file, asks of the world around that file. */
const TEST_FILE = Symbol.for('eden.testkit.test-file');

/**
 * Node's environment, and what a file's own hooks cannot give: cleanups that run after *all* its hooks, in reverse
 * order, and fail the file when they fail; and reports (logs of processes) that are printed when a test fails.
 */
export default class TestkitEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global[TEST_FILE] = { cleanups: [], lastCleanups: [], failureReports: [] };
    for (const name of ['Error', 'TypeError', 'RangeError', 'AggregateError']) this.#admitErrorsOfNode(name);
  }

  /**
   * Errors of Node's own modules are made outside of the realm that tests run in: without this, `instanceof Error`
   * would be false for them here and true in production.
   */
  #admitErrorsOfNode(name) {
    const [inner, outer] = [this.global[name], globalThis[name]];
    const isInstance = Function.prototype[Symbol.hasInstance];
    Object.defineProperty(inner, Symbol.hasInstance, {
      value(candidate) {
        return isInstance.call(this, candidate) || (this === inner && isInstance.call(outer, candidate));
      },
    });
  }

  async handleTestEvent(event, state) {
    if (event.name === 'test_done' && event.test.errors.length > 0) await this.#printReports(event.test.name);
    if (event.name === 'run_finish') await this.#cleanUp(state);
  }

  async #printReports(testName) {
    for (const report of this.global[TEST_FILE].failureReports) {
      process.stderr.write(`\n--- during "${testName}": ${await report()}\n`);
    }
  }

  async #cleanUp(state) {
    const { cleanups, lastCleanups } = this.global[TEST_FILE];
    for (const cleanup of [...cleanups.toReversed(), ...lastCleanups.toReversed()]) {
      try {
        await cleanup();
      } catch (error) {
        state.unhandledErrors.push(error);
      }
    }
  }
}
