import { existsSync } from 'node:fs';
import { join } from 'node:path';

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

const tools = { ...base, ...servers, displayName: 'tools', testMatch: ['<rootDir>/tests/tools/*.test.ts'] };

export default {
  maxWorkers: 2,
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
      testPathIgnorePatterns: ['/node_modules/', '/tests/(deployment|model|crash|security|tools)/'],
    },
    // Minutes of a processor and no server; in its short form: npm run model.
    { ...base, displayName: 'model', testMatch: ['<rootDir>/tests/model/**/*.test.ts'] },
    // Kills and freezes; with more participants, and as a matrix: npm run test:crash.
    { ...base, ...servers, displayName: 'crash', testMatch: ['<rootDir>/tests/crash/**/*.test.ts'] },
    // Whether other migration tools are content with what we have written, where npm run test:tools has installed them.
    ...(existsSync(join(import.meta.dirname, 'tests', 'tools', 'node_modules')) ? [tools] : []),
    // What targets and tenants try; as a table, and in its long form: npm run test:security.
    { ...base, ...servers, displayName: 'security', testMatch: ['<rootDir>/tests/security/**/*.test.ts'] },
  ],
};
