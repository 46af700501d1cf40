import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect } from 'chai'
import { clean } from './clean.ts'
import { plant, type Answer } from './tree.ts'

interface Plant {
  /** The rule that is broken. */
  readonly rule: string
  readonly file: string
  readonly source: string
  /** What the rule says must not be reached from there; nothing where the file itself is at fault. */
  readonly to: string
}

const upward = (layer: string, to: string): Plant => ({
  rule: `layer-${layer}`,
  file: `lib/${layer}/upward.ts`,
  source: `export type * from '../${to}'\n`,
  to: `lib/${to}`,
})

const plants: readonly Plant[] = [
  upward('kernel', 'journal/record.ts'),
  upward('journal', 'operations/operation.ts'),
  upward('operations', 'checkpoint/port.ts'),
  upward('checkpoint', 'driver/drive.ts'),
  upward('driver', 'plugins/hooks.ts'),
  upward('plugins', 'lambda/handler.ts'),
  upward('lambda', 'service/service.ts'),
  upward('service', 'operations/operation.ts'),
  upward('testing', 'server/server.ts'),
  upward('server', 'driver/drive.ts'),
  upward('eslint', 'kernel/clock.ts'),
  { ...upward('cli', '../samples/hello.ts'), to: 'samples/hello.ts' },
  {
    rule: 'doors-lead-inside',
    file: 'lib/local.ts',
    source: `export * from './testing.ts'\n`,
    to: 'lib/testing.ts',
  },
  {
    rule: 'layers-are-named',
    file: 'lib/otel.ts',
    source: `export * from './utils/things.ts'\n`,
    to: 'lib/utils/things.ts',
  },
  {
    rule: 'service-shares-only-shapes',
    file: 'lib/service/reads.ts',
    source: `export type { latest } from '../journal/journal.ts'\n`,
    to: 'lib/journal/journal.ts',
  },
  {
    rule: 'lambda-bundle-stays-small',
    file: 'lib/index.ts',
    source: `export * from './lambda/upward.ts'\n`,
    to: 'lib/service/service.ts',
  },
  {
    rule: 'testing-needs-no-server',
    file: 'lib/testing.ts',
    source: `export * from './testing/upward.ts'\n`,
    to: 'lib/server/server.ts',
  },
  {
    rule: 'samples-use-the-doors',
    file: 'samples/inside.ts',
    source: `export * from '../lib/driver/drive.ts'\n`,
    to: 'lib/driver/drive.ts',
  },
  {
    rule: 'aws-only-in-lambda',
    file: 'lib/lambda/wire.ts',
    source: `export { LambdaClient } from '@aws-sdk/client-lambda'\n`,
    to: '@aws-sdk/client-lambda',
  },
  {
    rule: 'aws-client-is-lazy',
    file: 'lib/lambda/eager.ts',
    source: `export * from './aws-client.ts'\n`,
    to: 'lib/lambda/aws-client.ts',
  },
  {
    rule: 'superstruct-only-at-doors',
    file: 'lib/driver/parse.ts',
    source: `export { string } from 'superstruct'\n`,
    to: 'superstruct',
  },
  {
    rule: 'debug-only-in-log',
    file: 'lib/driver/trace.ts',
    source: `export { default } from 'debug'\n`,
    to: 'debug',
  },
  {
    rule: 'eslint-only-in-eslint',
    file: 'lib/driver/linted.ts',
    source: `export type { Linter } from 'eslint'\n`,
    to: 'eslint',
  },
  {
    rule: 'hono-only-in-server',
    file: 'lib/service/route.ts',
    source: `export { Hono } from 'hono'\n`,
    to: 'hono',
  },
  {
    rule: 'sqlite-only-in-store',
    file: 'lib/server/clock/rows.ts',
    source: `export { default } from 'libsql'\n`,
    to: 'libsql',
  },
  {
    rule: 'http-only-in-server',
    file: 'lib/service/listen.ts',
    source: `export { createServer } from 'node:http'\n`,
    to: 'http',
  },
  {
    rule: 'no-cycles',
    file: 'lib/driver/egg.ts',
    source: `export * from './hen.ts'\n`,
    to: 'lib/driver/hen.ts',
  },
  {
    rule: 'no-unresolved',
    file: 'lib/driver/lost.ts',
    source: `export * from './nowhere.ts'\n`,
    to: './nowhere.ts',
  },
  { rule: 'no-orphans', file: 'lib/driver/alone.ts', source: 'export {}\n', to: '' },
  {
    rule: 'no-dev-deps-in-lib',
    file: 'lib/driver/assert.ts',
    source: `export { expect } from 'chai'\n`,
    to: 'chai',
  },
  {
    rule: 'no-dev-deps-in-lib',
    file: 'lib/driver/unlisted.ts',
    source: `export { parse } from 'semver'\n`,
    to: 'semver',
  },
]

const planted = {
  ...clean,
  'lib/utils/things.ts': 'export const thing = 1\n',
  'lib/driver/hen.ts': `export * from './egg.ts'\n`,
  ...Object.fromEntries(plants.map(({ file, source }) => [file, source])),
}

describe('the layers', function () {
  this.timeout(120_000)
  let onClean: Answer
  let onPlanted: Answer
  let found: readonly Violation[]

  before(async () => {
    const trees = [plant(clean), plant(planted)] as const
    ;[onClean, onPlanted] = await Promise.all([trees[0].npm('layers'), trees[1].npm('layers')])
    found = violationsIn(onPlanted.output)
    trees.forEach((tree) => tree.remove())
  })

  it('let a clean tree pass', () => {
    expect(onClean).to.include({ status: 0 })
  })

  for (const { rule, file, to } of plants) {
    it(`report ${rule} where ${file} reaches ${to || 'nothing'}`, () => {
      expect(found.filter(({ from }) => from === file)).to.deep.equal([{ rule, from: file, to }])
    })
  }

  it('report nothing else, and fail', () => {
    expect(found).to.have.length(plants.length)
    expect(onPlanted.status).to.be.greaterThan(0)
  })

  it('have a planted violation for every rule', () => {
    expect(new Set(plants.map(({ rule }) => rule))).to.deep.equal(new Set(ruleNames()))
  })
})

interface Violation {
  readonly rule: string
  readonly from: string
  readonly to: string
}

function violationsIn(output: string): Violation[] {
  const lines = output.matchAll(/^ {2}error (\S+): (\S+)(?: →\s+(\S+))?/gm)
  return [...lines].map(([, rule = '', from = '', to = '']) => ({ rule, from, to: packageOf(to) }))
}

/** `../elsewhere/node_modules/debug/src/index.js` is `debug`. */
function packageOf(path: string): string {
  const within = path.split('node_modules/').at(-1) ?? path
  if (within === path) return path
  return within.split('/', within.startsWith('@') ? 2 : 1).join('/')
}

function ruleNames(): string[] {
  const require = createRequire(import.meta.url)
  const { forbidden } = require(join(import.meta.dirname, '../../.dependency-cruiser.cjs')) as {
    forbidden: { name: string }[]
  }
  return forbidden.map(({ name }) => name)
}
