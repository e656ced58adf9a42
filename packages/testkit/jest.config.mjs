import { availableParallelism } from 'node:os';

/** One configuration for every test: TypeScript through swc, ECMAScript modules, tests beside what they test. */
export default {
  rootDir: '../..',
  roots: ['<rootDir>/packages', '<rootDir>/services'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  // Everything comes from '@jest/globals'.
  injectGlobals: false,
  setupFiles: ['<rootDir>/packages/testkit/one-error.mjs'],
  globalSetup: '<rootDir>/packages/testkit/global-setup.mjs',
  globalTeardown: '<rootDir>/packages/testkit/global-teardown.mjs',
  reporters: ['default', '<rootDir>/packages/testkit/reporter.mjs'],
  testTimeout: 60_000,
  // Never fewer than two: many tests wait for servers, and a test that leaves something open hangs its worker, not the run.
  maxWorkers: Math.max(2, availableParallelism() - 1),
};
