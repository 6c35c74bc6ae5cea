interface TestFile {
  readonly cleanups: (() => Promise<unknown>)[];
  readonly lastCleanups: (() => Promise<unknown>)[];
  readonly failureReports: (() => Promise<string>)[];
}

/** Set by jest/environment.js, which calls what is registered here. */
const TEST_FILE = Symbol.for('eden.testkit.test-file');

function testFile(): TestFile {
  const found = (globalThis as Record<symbol, unknown>)[TEST_FILE];
  if (found === undefined) throw new Error('The testkit works in *.integration.test.ts and in tests/ only');
  return found as TestFile;
}

/** Runs after all hooks of the test file, the latest first. A cleanup that throws fails the file. */
export function atEndOfFile(cleanup: () => Promise<unknown>): void {
  testFile().cleanups.push(cleanup);
}

/** Runs after all of those, the latest first: for what processes that are stopped at the end of the file still use. */
export function atVeryEndOfFile(cleanup: () => Promise<unknown>): void {
  testFile().lastCleanups.push(cleanup);
}

/** Its text is printed whenever a test of this file fails. */
export function reportOnFailure(report: () => Promise<string>): void {
  testFile().failureReports.push(report);
}
