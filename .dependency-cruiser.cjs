const INFRA = '(config|runtime|telemetry|templates|sources|database|locking|queue|limits|targets)';
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
      name: 'lint-imports-domain-and-lexers-only',
      severity: 'error',
      from: { path: '^packages/lint/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(packages|services)/', pathNot: ['^packages/(domain|lexers|lint)/'] },
    },
    {
      name: 'infra-imports-domain-only',
      severity: 'error',
      from: { path: `^packages/${INFRA}/`, pathNot: ['\\.test\\.ts$', '/testing/'] },
      to: { path: '^(packages|services)/', pathNot: ['^packages/(domain|lexers|lint|redis)/', '^packages/$1/'] },
    },
    {
      name: 'redis-imports-no-package',
      severity: 'error',
      from: { path: '^packages/redis/' },
      to: { path: '^(packages|services)/', pathNot: '^packages/redis/' },
    },
    {
      name: 'work-imports-domain-and-lint-only',
      severity: 'error',
      from: { path: '^packages/work/' },
      to: { path: '^(packages|services)/', pathNot: '^packages/(domain|lint|work)/' },
    },
    {
      name: 'client-imports-no-package',
      severity: 'error',
      from: { path: '^packages/client/' },
      to: { path: '^(packages|services)/', pathNot: '^packages/client/' },
    },
    {
      // Everything of the service comes by its API; sources finds folders on the user's machine, runtime knows its processes.
      name: 'cli-sees-client-reconcile-and-the-machine',
      severity: 'error',
      from: { path: '^packages/cli/' },
      to: { path: '^(packages|services)/', pathNot: '^packages/(cli|client|reconcile|runtime|sandbox|sources)/' },
    },
    {
      // The sandbox starts a service there, and is not in the image: `eden dev` alone asks for it, when it is run.
      name: 'eden-dev-alone-starts-a-service',
      severity: 'error',
      from: { path: '^packages/cli/', pathNot: '^packages/cli/src/dev/' },
      to: { path: '^packages/sandbox/' },
    },
    {
      name: 'eden-dev-is-loaded-when-it-runs',
      severity: 'error',
      from: { path: '^packages/cli/src/', pathNot: ['^packages/cli/src/dev/', '\\.test\\.ts$'] },
      to: { path: '^packages/cli/src/dev/', dependencyTypesNot: ['dynamic-import', 'type-only'] },
    },
    {
      name: 'reconcile-sees-the-client-only',
      severity: 'error',
      from: { path: '^packages/reconcile/' },
      to: { path: '^(packages|services)/', pathNot: '^packages/(client|reconcile)/' },
    },
    {
      // Everything of the service comes by its API.
      name: 'the-operator-talks-to-the-gateway-only',
      severity: 'error',
      from: { path: '^services/operator/', pathNot: ['\\.test\\.ts$', '/testing/'] },
      to: {
        path: '^(packages|services)/',
        pathNot: ['^packages/(client|config|domain|reconcile|telemetry)/', '^services/operator/'],
      },
    },
    {
      // It runs in browsers; everything of the service comes by its API.
      name: 'the-dashboard-talks-to-the-gateway-only',
      severity: 'error',
      from: { path: '^services/dashboard/' },
      to: { path: '^(packages|services)/', pathNot: ['^packages/client/', '^services/dashboard/'] },
    },
    {
      name: 'one-owner-react',
      severity: 'error',
      from: { pathNot: '^services/dashboard/' },
      to: { path: 'node_modules/(react|react-dom|wouter|@tanstack)/' },
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
      from: {
        path: '^(packages|services)/([^/]+)/',
        pathNot: '^packages/simulation/.*(/testing/|\\.test\\.ts$)',
      },
      to: { path: '^packages/[^/]+/src/.+', pathNot: ['^packages/[^/]+/src/index\\.ts$', '^$1/$2/'] },
    },
    {
      // Its ports in memory run the contracts that the real ones run.
      name: 'simulation-shares-contracts',
      severity: 'error',
      from: { path: '^packages/simulation/.*(/testing/|\\.test\\.ts$)' },
      to: {
        path: '^packages/[^/]+/src/.+',
        pathNot: ['^packages/[^/]+/src/index\\.ts$', '^packages/simulation/', '^packages/[^/]+/src/testing/'],
      },
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
      from: { path: '^packages/simulation/', pathNot: ['\\.test\\.ts$', '/testing/'] },
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
      to: { path: 'node_modules/pg(-protocol)?/' },
    },
    {
      name: 'one-owner-mysql2',
      severity: 'error',
      from: { pathNot: '^packages/(targets|testkit)/' },
      to: { path: 'node_modules/mysql2/' },
    },
    {
      name: 'one-owner-bullmq',
      severity: 'error',
      from: { pathNot: '^packages/queue/' },
      to: { path: 'node_modules/bullmq/' },
    },
    {
      // The queue's own spans are made by a library of the queue.
      name: 'one-owner-opentelemetry',
      severity: 'error',
      from: { pathNot: '^packages/telemetry/' },
      to: { path: 'node_modules/@opentelemetry/' },
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
      name: 'one-owner-kubernetes',
      severity: 'error',
      from: { pathNot: ['^services/operator/', '\\.test\\.ts$', '/testing/', '^tests/'] },
      to: { path: 'node_modules/@kubernetes/' },
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
