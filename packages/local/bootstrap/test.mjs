/** Runs jest, and closes with what did not run here and the count. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from './paths.mjs';
import { runNode } from './run.mjs';

const JEST = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  inProject('node_modules/jest/bin/jest.js'),
  '-c',
  inProject('packages/testkit/jest.config.mjs'),
];

export async function test(args) {
  const folder = mkdtempSync(join(tmpdir(), 'lazada-sof-summary-'));
  const file = join(folder, 'summary.json');
  try {
    const code = await runNode([...JEST, ...args], { env: { TESTKIT_SUMMARY: file } });
    return close(code, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function close(code, summary) {
  if (!summary) {
    // --help, --listTests and the like count nothing; a run that broke is one failure.
    if (code !== 0) console.log('Tests: 0 passed, 1 failed');
    return code;
  }
  for (const line of whatDidNotRun(summary.leftOut)) console.log(line);
  const skipped = process.env.CI === 'true' ? summary.skipped : 0;
  if (skipped > 0) console.log(`Skipped, which CI=true does not allow: ${skipped} tests.`);
  const failed = summary.failed + skipped;
  console.log(`Tests: ${summary.passed} passed, ${Math.max(failed, code === 0 ? 0 : 1)} failed`);
  return failed > 0 ? 1 : code;
}

/** One line a reason, however many suites it kept from running. */
export function whatDidNotRun(leftOut) {
  const reasons = new Map();
  for (const { what, why, remedy } of leftOut) {
    const reason = `since ${why}. To run it: ${remedy}`;
    reasons.set(reason, [...(reasons.get(reason) ?? []), what]);
  }
  return [...reasons].map(([reason, suites]) => `DID NOT RUN HERE: ${suites.join(', ')}; ${reason}`);
}
