import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ROOT } from './ensure-installed.mjs';

/** Jest reporter: leaves the totals, and which suites skipped tests, where scripts/test.mjs, if that has started Jest, finds them. */
export default class TotalsReporter {
  onRunComplete(_contexts, results) {
    if (process.env.EDEN_TOTALS_FILE === undefined) return;
    const totals = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      skippedIn: results.testResults.filter(({ numPendingTests }) => numPendingTests > 0).map(skippedIn),
    };
    writeFileSync(process.env.EDEN_TOTALS_FILE, JSON.stringify(totals));
  }
}

function skippedIn({ testFilePath, numPendingTests }) {
  return `${relative(ROOT, testFilePath)} (${numPendingTests})`;
}
