import jest from '../../../jest.config.js';

const integration = jest.projects.find(({ displayName }) => displayName === 'integration');

/** Runs the leaking file beside this one as an integration test. */
export default {
  ...jest,
  rootDir: integration.rootDir,
  projects: [{ ...integration, testMatch: ['<rootDir>/packages/testkit/leaks/leaking.js'] }],
};
