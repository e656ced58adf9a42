/**
 * Collects what the test command closes with: how many passed and failed, and what did not run here. Handed on through
 * the file that `TESTKIT_SUMMARY` names; without it (jest started by hand) what did not run is printed.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export default class Reporter {
  constructor(globalConfig) {
    this.filtered = Boolean(globalConfig.testNamePattern);
  }

  onRunComplete(_contexts, results) {
    const summary = {
      passed: results.numPassedTests,
      // A file that cannot even be loaded has no failed tests of its own.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: this.filtered ? 0 : results.numPendingTests + results.numTodoTests,
      leftOut: readLeftOut(process.env.TESTKIT_LEFT_OUT),
    };
    if (process.env.TESTKIT_SUMMARY) writeFileSync(process.env.TESTKIT_SUMMARY, JSON.stringify(summary));
    else for (const { what, why, remedy } of summary.leftOut) console.warn(`Did not run: ${what} (${why}). ${remedy}`);
  }
}

function readLeftOut(file) {
  if (!file || !existsSync(file)) return [];
  const lines = new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean));
  return [...lines].map((line) => JSON.parse(line));
}
