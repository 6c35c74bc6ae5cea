import tseslint from 'typescript-eslint';
import n from 'eslint-plugin-n';

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/src/generated/**', '.eden/**', 'coverage/**'] },
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
    plugins: { '@typescript-eslint': tseslint.plugin, n },
    rules: {
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true, IIFEs: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      'max-depth': ['error', 3],
      complexity: ['error', 10],
      'n/no-process-env': 'error',
      'n/no-process-exit': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    // Time, randomness and ids come by ports, so that all of this can run on simulated time.
    files: ['packages/{engine,work,coordinator}/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'crypto'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Take it from deps.clock.' },
        { object: 'Math', property: 'random', message: 'Take it from deps.chance.' },
        { object: 'AbortSignal', property: 'timeout', message: 'Take it from deps.clock.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take it from deps.clock.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'node:timers' },
            { name: 'node:timers/promises' },
            { name: 'node:perf_hooks' },
            { name: 'node:crypto', allowImportNames: ['createHash'] },
          ],
        },
      ],
    },
  },
  { files: ['packages/config/src/env.ts', 'packages/cli/src/main.ts'], rules: { 'n/no-process-env': 'off' } },
  // One file, so that somebody can read them all.
  { files: ['services/dashboard/src/texts.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['packages/sandbox/**', 'packages/testkit/**', 'demo/**', 'tests/**'],
    rules: { 'n/no-process-env': 'off' },
  },
  {
    files: ['**/*.test.ts', 'packages/testkit/**', 'tests/**'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
    },
  },
);
