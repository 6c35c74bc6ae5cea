const INFRA = '(config|runtime|telemetry|templates|sources|database|locking|queue|targets)';
module.exports = {
  forbidden: [
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-imports-nothing',
      severity: 'error',
      from: { path: '^packages/domain/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^packages/domain/', '^(node:)?crypto$'] },
    },
    {
      name: 'lexers-import-nothing',
      severity: 'error',
      from: { path: '^packages/lexers/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^packages/lexers/'] },
    },
    {
      name: 'infra-imports-domain-only',
      severity: 'error',
      from: { path: `^packages/${INFRA}/`, pathNot: ['\\.test\\.ts$', '/testing/'] },
      to: { path: '^(packages|services)/', pathNot: ['^packages/(domain|lexers)/', '^packages/$1/'] },
    },
    {
      name: 'work-imports-domain-only',
      severity: 'error',
      from: { path: '^packages/work/' },
      to: { path: '^(packages|services)/', pathNot: '^packages/(domain|work)/' },
    },
    {
      name: 'client-imports-no-package',
      severity: 'error',
      from: { path: '^packages/client/' },
      to: { path: '^(packages|services)/', pathNot: '^packages/client/' },
    },
    {
      // Everything of the service comes by its API; the sandbox starts one on the user's machine, sources finds folders in it.
      name: 'cli-sees-client-sandbox-and-sources',
      severity: 'error',
      from: { path: '^packages/cli/' },
      to: { path: '^(packages|services)/', pathNot: '^packages/(cli|client|sandbox|sources)/' },
    },
    {
      name: 'engine-and-coordinator-see-ports-and-work',
      severity: 'error',
      from: { path: '^packages/(engine|coordinator)/' },
      to: { path: '^(packages|services)/', pathNot: ['^packages/(domain|work)/', '^packages/$1/'] },
    },
    {
      name: 'the-gateway-does-not-run-the-engine',
      severity: 'error',
      from: { path: '^services/gateway/' },
      to: { path: '^packages/engine/' },
    },
    {
      name: 'the-worker-has-no-use-case-of-the-gateway',
      severity: 'error',
      from: { path: '^services/worker/' },
      to: { path: '^packages/coordinator/' },
    },
    {
      name: 'packages-never-import-services',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^services/' },
    },
    {
      name: 'services-do-not-import-each-other',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'only-context-builds-infrastructure',
      severity: 'error',
      from: { path: '^services/[^/]+/src/', pathNot: ['/(context|main)\\.ts$', '/testing/', '\\.test\\.ts$'] },
      to: { path: `^packages/${INFRA}/`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-deep-imports',
      severity: 'error',
      from: { path: '^(packages|services)/([^/]+)/' },
      to: { path: '^packages/[^/]+/src/.+', pathNot: ['^packages/[^/]+/src/index\\.ts$', '^$1/$2/'] },
    },
    {
      name: 'testkit-in-tests-only',
      severity: 'error',
      from: { pathNot: ['\\.test\\.ts$', '/testing/', '^tests/', '^packages/testkit/'] },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'simulation-in-tests-only',
      severity: 'error',
      from: { pathNot: ['\\.test\\.ts$', '/testing/', '^tests/', '^packages/simulation/'] },
      to: { path: '^packages/simulation/' },
    },
    {
      name: 'simulation-sees-no-infrastructure',
      severity: 'error',
      from: { path: '^packages/simulation/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(packages|services)/', pathNot: '^packages/(domain|work|engine|coordinator|simulation)/' },
    },
    {
      name: 'one-owner-prisma',
      severity: 'error',
      from: { pathNot: '^packages/database/' },
      to: { path: 'node_modules/@prisma/' },
    },
    {
      // Each of its two servers has one: the targets, and what Prisma cannot do in the control database.
      name: 'two-owners-pg',
      severity: 'error',
      from: { pathNot: ['^packages/(targets|database|sandbox|testkit)/', '\\.test\\.ts$', '^tests/', '^demo/'] },
      to: { path: 'node_modules/pg/' },
    },
    {
      name: 'one-owner-bullmq',
      severity: 'error',
      from: { pathNot: '^packages/queue/' },
      to: { path: 'node_modules/bullmq/' },
    },
    {
      name: 'one-owner-express',
      severity: 'error',
      from: { pathNot: '^services/gateway/' },
      to: { path: 'node_modules/express/' },
    },
    {
      name: 'one-owner-commander',
      severity: 'error',
      from: { pathNot: '^packages/cli/' },
      to: { path: 'node_modules/commander/' },
    },
    {
      name: 'no-dumping-grounds',
      severity: 'error',
      from: {},
      to: { path: '(^|/)(utils?|helpers?|common|misc|shared)(/|\\.ts$)', pathNot: 'node_modules' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/(dist|generated)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'types', 'node', 'default'],
    },
  },
};
