// What a cold start pays for the front door: every file that it loads, minified. Lambda provides the
// AWS SDK, so it does not count; the check of determinism is loaded by the first run that asks for it.
const door = {
  path: 'dist/index.js',
  ignore: ['@aws-sdk/client-lambda'],
  modifyEsbuildConfig: (config) => ({
    ...config,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: [...(config.external ?? []), '*/driver/checking/checker.js'],
  }),
}

export default [
  { ...door, name: 'perdure, minified and compressed', limit: '40 kB' },
  { ...door, name: 'perdure, minified', limit: '116 kB', brotli: false, gzip: false },
]
