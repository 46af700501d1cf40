// What a cold start pays for the front door: every file that it loads, minified and not compressed.
// Lambda provides the AWS SDK, so it does not count.
export default [
  {
    name: 'perdure',
    path: 'dist/index.js',
    ignore: ['@aws-sdk/client-lambda'],
    limit: '40 kB',
    gzip: false,
    brotli: false,
    modifyEsbuildConfig: (config) => ({ ...config, platform: 'node', format: 'esm' }),
  },
]
