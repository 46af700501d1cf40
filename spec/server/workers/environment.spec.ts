import { expect } from 'chai'
import { environmentOf, type EnvironmentFacts } from '../../../lib/server/workers/environment.ts'
import type { HostedFunction } from '../../../lib/server/ports.ts'

const fn: HostedFunction = {
  name: 'orders',
  launch: { kind: 'module', file: '/home/ada/shop/src/orders.ts', exportName: 'handler' },
  environment: { TABLE: 'orders', PATH: '/own' },
}

const facts: EnvironmentFacts = {
  region: 'eu-west-1',
  endpoint: 'http://127.0.0.1:9000',
  runtimeApi: '127.0.0.1:40000',
  memoryMegabytes: 256,
  logStreamName: '2026/01/01/[$LATEST]0f',
  taskRoot: '/home/ada/shop',
  credentials: 'dummy',
}

const user = {
  PATH: '/bin',
  DATABASE_URL: 'postgres://here',
  AWS_PROFILE: 'production',
  AWS_ACCESS_KEY_ID: 'AKIA',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/token',
  AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://there',
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
  AWS_LAMBDA_LOG_LEVEL: 'DEBUG',
  AWS_LAMBDA_FUNCTION_NAME: 'another',
}

describe('the environment of a process', () => {
  it('is what Lambda sets, over the user’s own without their AWS identity', () => {
    const { LAMBDA_RUNTIME_DIR, AWS_EXECUTION_ENV, ...rest } = environmentOf(fn, facts, user)
    expect(LAMBDA_RUNTIME_DIR).to.match(/workers$/)
    expect(AWS_EXECUTION_ENV).to.equal(
      `AWS_Lambda_nodejs${process.versions.node.split('.', 1).join()}.x`,
    )
    expect(rest).to.deep.equal({
      PATH: '/own',
      TABLE: 'orders',
      DATABASE_URL: 'postgres://here',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
      AWS_LAMBDA_LOG_LEVEL: 'DEBUG',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: 'local',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:9000',
      AWS_LAMBDA_RUNTIME_API: '127.0.0.1:40000',
      AWS_LAMBDA_FUNCTION_NAME: 'orders',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/orders',
      AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]0f',
      LAMBDA_TASK_ROOT: '/home/ada/shop',
      TZ: ':UTC',
      _HANDLER: 'src/orders.handler',
    })
  })

  it('has the user’s AWS identity where that is asked for', () => {
    const own = environmentOf(fn, { ...facts, credentials: 'own' }, user)
    const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS } = own
    expect([AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS]).to.deep.equal([
      'production',
      'AKIA',
      undefined,
    ])
  })

  for (const { launch, name } of [
    { launch: { ...fn.launch, file: '/elsewhere/orders.mjs' }, name: 'orders.handler' },
    { launch: { ...fn.launch, file: '/home/ada/other/orders.cts' }, name: 'orders.handler' },
    { launch: { kind: 'command', command: './orders' }, name: 'orders' },
  ] as { launch: HostedFunction['launch']; name: string }[]) {
    it(`names the handler ${name} for ${JSON.stringify(launch)}`, () => {
      expect(environmentOf({ ...fn, launch }, facts, user)['_HANDLER']).to.equal(name)
    })
  }
})
