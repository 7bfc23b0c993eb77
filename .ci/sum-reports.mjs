// Adds up vitest's JSON reports and ends with the one line that says how it went; a report that is not there has failed.
import { readFileSync } from 'node:fs';

const NONE = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numFailedTestSuites: 0 };
const reports = process.argv.slice(2).map((file) => {
  try {
    return { ...NONE, ...JSON.parse(readFileSync(file, 'utf8')) };
  } catch (error) {
    console.error(`${file}: ${error.message}`);
    return NONE;
  }
});
const sum = (count) => reports.reduce((total, report) => total + count(report), 0);
const passed = sum(({ numPassedTests }) => numPassedTests);
const failed = sum(({ numFailedTests, numFailedTestSuites }) => numFailedTests || numFailedTestSuites);
const skipped = sum(({ numPendingTests }) => numPendingTests);

if (skipped > 0) console.log(`${skipped} skipped, by name with the reason above`);
console.log(`${passed} passed, ${failed} failed`);
