/** Who may import whom, lowest layer first. Lower folders know nothing of the ones above. */
const layers = {
  eslint: [],
  kernel: [],
  journal: ['kernel'],
  operations: ['journal', 'kernel'],
  checkpoint: ['journal', 'kernel'],
  driver: ['checkpoint', 'operations', 'journal', 'kernel'],
  plugins: ['driver', 'checkpoint', 'operations', 'journal', 'kernel'],
  lambda: ['plugins', 'driver', 'checkpoint', 'operations', 'journal', 'kernel'],
  service: ['journal', 'kernel'],
  testing: [
    'service',
    'lambda',
    'plugins',
    'driver',
    'checkpoint',
    'operations',
    'journal',
    'kernel',
  ],
  server: ['service', 'journal', 'kernel'],
  cli: [
    'server',
    'testing',
    'service',
    'lambda',
    'plugins',
    'driver',
    'checkpoint',
    'operations',
    'journal',
    'kernel',
  ],
}

const forbid = (name, from, to) => ({ name, severity: 'error', from, to })

const onlyIn = (name, place, target) =>
  forbid(name, { path: '^lib/', pathNot: place }, { path: target })

const layerRules = Object.entries(layers).map(([layer, below]) =>
  forbid(
    `layer-${layer}`,
    { path: `^lib/${layer}/` },
    { path: '^(lib|spec|samples|bench)/', pathNot: `^lib/(${[layer, ...below].join('|')})/` },
  ),
)

module.exports = {
  forbidden: [
    ...layerRules,
    forbid(
      'doors-lead-inside',
      { path: '^lib/[^/]+\\.ts$' },
      { path: '^(spec|samples|bench)/|^lib/[^/]+\\.ts$' },
    ),
    // A folder that the table above does not know would be free of every rule in it.
    forbid(
      'layers-are-named',
      {},
      { path: '^lib/[^/]+/', pathNot: `^lib/(${Object.keys(layers).join('|')})/` },
    ),
    forbid(
      'service-shares-only-shapes',
      { path: '^lib/service/' },
      { path: '^lib/journal/', pathNot: '^lib/journal/(record|update)\\.ts$' },
    ),
    forbid(
      'lambda-bundle-stays-small',
      { path: '^lib/index\\.ts$' },
      { path: '^lib/(service|server|cli|testing|eslint)/', reachable: true },
    ),
    forbid(
      'testing-needs-no-server',
      { path: '^lib/testing\\.ts$' },
      { path: '^lib/(server|cli|eslint)/', reachable: true },
    ),
    forbid(
      'samples-use-the-doors',
      { path: '^samples/' },
      { path: '^(lib|spec|bench)/', pathNot: '^lib/(index|testing|local)\\.ts$' },
    ),
    // The command line hands on what the client answers, and knows its types.
    forbid(
      'aws-only-in-lambda',
      { path: '^lib/', pathNot: '^lib/lambda/aws-client\\.ts$' },
      { path: 'node_modules/@aws-sdk/', dependencyTypesNot: ['type-only'] },
    ),
    // Every way to the AWS client is an `import()`, so no door loads it before it is needed.
    forbid(
      'aws-client-is-lazy',
      { path: '^lib/' },
      { path: '^lib/lambda/aws-client\\.ts$', dynamic: false },
    ),
    onlyIn('superstruct-only-at-doors', '^lib/(lambda|server|cli)/', 'node_modules/superstruct/'),
    onlyIn('debug-only-in-log', '^lib/kernel/log\\.ts$', 'node_modules/(@types/)?debug/'),
    onlyIn('eslint-only-in-eslint', '^lib/eslint/', 'node_modules/eslint/'),
    onlyIn('hono-only-in-server', '^lib/server/', 'node_modules/(@hono/node-server|hono)/'),
    onlyIn('sqlite-only-in-store', '^lib/server/store/', 'node_modules/libsql/'),
    onlyIn('http-only-in-server', '^lib/server/', '^(node:)?(http|https|http2|net|tls)$'),
    forbid('no-cycles', {}, { circular: true }),
    forbid('no-unresolved', {}, { couldNotResolve: true }),
    forbid('no-orphans', { orphan: true, path: '^lib/' }, {}),
    forbid(
      'no-dev-deps-in-lib',
      { path: '^lib/' },
      // What our users have beside us is a development dependency of ours as well.
      {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm-peer'],
      },
    ),
  ],
  options: {
    tsPreCompilationDeps: true, // sees type-only imports
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    // What it imports is installed only where it runs.
    exclude: { path: '^spec/fidelity/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'], // or the package's own name does not resolve
      extensions: ['.ts', '.js'],
      conditionNames: ['source', 'import', 'types', 'node'],
    },
  },
}
