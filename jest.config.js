import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** Everything runs as native ESM; workspace packages resolve to their TypeScript sources by the "source" condition. */
const base = {
  testEnvironment: 'node',
  rootDir: import.meta.dirname,
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['/dist/', '/\\.eden/'],
};

const servers = {
  testEnvironment: '<rootDir>/packages/testkit/jest/environment.js',
  globalSetup: '<rootDir>/packages/testkit/jest/global-setup.js',
  globalTeardown: '<rootDir>/packages/testkit/jest/global-teardown.js',
};

const loadBalancer = {
  ...base,
  ...servers,
  displayName: 'load-balancer',
  testMatch: ['<rootDir>/tests/load-balancer/*.test.ts'],
  testTimeout: 600_000,
};
const upgrade = { ...base, ...servers, displayName: 'upgrade', testMatch: ['<rootDir>/tests/upgrade/*.test.ts'] };

const large = { ...base, ...servers, displayName: 'large', testMatch: ['<rootDir>/tests/large/*.test.ts'] };
/** Kills and freezes of processes at every point of a run. */
const crash = { ...base, ...servers, displayName: 'crash', testMatch: ['<rootDir>/tests/crash/*.test.ts'] };
const isCrashRun = ['EDEN_CRASH_PARTICIPANTS', 'EDEN_SOAK_MINUTES'].some((name) => process.env[name] !== undefined);

/** Whole servers are copied, fail over, and lose what they had acknowledged. */
const failover = { ...base, ...servers, displayName: 'failover', testMatch: ['<rootDir>/tests/failover/*.test.ts'] };

/** Pages in Chromium, whole: minutes, by npm run test:ui alone. `npm test` has tests/dashboard. */
const ui = { ...base, ...servers, displayName: 'ui', testMatch: ['<rootDir>/tests/ui/*.test.ts'] };

const tools = { ...base, ...servers, displayName: 'tools', testMatch: ['<rootDir>/tests/tools/*.test.ts'] };

export default {
  // One more than processors where CI runs: about a third of what a test file does is to wait for servers, leases and restarts.
  maxWorkers: 3,
  watchman: false,
  testSequencer: '<rootDir>/scripts/slowest-first.mjs',
  // Ends what hangs; a busy machine is slow.
  testTimeout: 180_000,
  reporters: ['default', '<rootDir>/scripts/totals-reporter.mjs'],
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/{packages,services,demo}/**/src/**/*.test.ts', '<rootDir>/tests/deployment/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.integration\\.test\\.ts$'],
    },
    {
      ...base,
      ...servers,
      displayName: 'integration',
      testMatch: ['<rootDir>/{packages,services}/**/src/**/*.integration.test.ts'],
    },
    {
      ...base,
      ...servers,
      displayName: 'e2e',
      testMatch: ['<rootDir>/tests/**/*.test.ts'],
      testPathIgnorePatterns: [
        '/node_modules/',
        '/tests/(deployment|model|crash|failover|security|tools|upgrade|load-balancer|large|ui)/',
      ],
    },
    // Minutes of a processor and no server; in its short form: npm run model.
    { ...base, displayName: 'model', testMatch: ['<rootDir>/tests/model/**/*.test.ts'] },
    // Minutes, by npm run test:crash and npm run test:failover.
    ...(isCrashRun ? [crash] : []),
    ...(process.env['EDEN_FAILOVER_RUN'] === undefined ? [] : [failover]),
    // Whether other migration tools are content with what we have written, where npm run test:tools has installed them.
    ...(existsSync(join(import.meta.dirname, 'tests', 'tools', 'node_modules')) ? [tools] : []),
    // Beside processes of an earlier commit, which npm run test:upgrade has built.
    ...(process.env['EDEN_EARLIER_VERSION'] === undefined ? [] : [upgrade]),
    ...(process.env['EDEN_UI_PICTURES'] === undefined ? [] : [ui]),
    // Minutes under load: npm run test:load-balancer.
    ...(process.env['EDEN_LOAD_BALANCER_REPORT'] === undefined ? [] : [loadBalancer]),
    // What is as large as it may be: minutes, by npm run test:large alone.
    ...(process.env['EDEN_LARGE_REPORT'] === undefined ? [] : [large]),
    // What targets and tenants try; as a table, and in its long form: npm run test:security.
    { ...base, ...servers, displayName: 'security', testMatch: ['<rootDir>/tests/security/**/*.test.ts'] },
  ],
};
