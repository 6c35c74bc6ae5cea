import { writeFileSync } from 'node:fs';

/** Jest reporter: leaves the totals where scripts/test.mjs, if that has started Jest, finds them. */
export default class TotalsReporter {
  onRunComplete(_contexts, results) {
    if (process.env.EDEN_TOTALS_FILE === undefined) return;
    const totals = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(process.env.EDEN_TOTALS_FILE, JSON.stringify(totals));
  }
}
