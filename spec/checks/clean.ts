import type { Files } from './tree.ts'

/** A project in small: one file a layer, and nothing that a check could mind. */
export const clean = {
  'lib/index.ts': `export { lambdaHandler } from './lambda/handler.ts'
`,
  'lib/testing.ts': `export { step } from './testing/stepper.ts'
`,
  'lib/eslint.ts': `export { recommended } from './eslint/plugin.ts'
`,
  'lib/eslint/plugin.ts': `import type { Linter, Rule } from 'eslint'

const noClock: Rule.RuleModule = {
  create: (context) => ({
    'MemberExpression[property.name="now"]'(node: Rule.Node) {
      context.report({ node, message: 'The clock is read.' })
    },
  }),
}

export const recommended: Linter.Config[] = [
  {
    plugins: { perdure: { rules: { 'no-clock': noClock } } },
    rules: { 'perdure/no-clock': 'error' },
  },
]
`,
  'lib/kernel/clock.ts': `export const now = () => Date.now()

export const start = (fire: () => void) => setTimeout(fire, 1)
`,
  'lib/kernel/random.ts': `import { randomUUID } from 'node:crypto'

export const draw = () => Math.random()

export const uuid = () => randomUUID()
`,
  'lib/kernel/log.ts': `import debug from 'debug'

export const trace = debug('perdure')
`,
  'lib/journal/record.ts': `import type { now } from '../kernel/clock.ts'

export interface OperationRecord {
  readonly at: ReturnType<typeof now>
}
`,
  'lib/journal/journal.ts': `import type { OperationRecord } from './record.ts'

export const latest = (records: readonly OperationRecord[]) => records.at(-1)
`,
  'lib/operations/operation.ts': `import { uuid } from '../kernel/random.ts'

export const operation = () => Object.freeze({ id: uuid() })
`,
  'lib/checkpoint/port.ts': `import type { OperationRecord } from '../journal/record.ts'

export type Checkpoint = (record: OperationRecord) => Promise<void>
`,
  'lib/driver/drive.ts': `import type { Checkpoint } from '../checkpoint/port.ts'
import { latest } from '../journal/journal.ts'
import type { OperationRecord } from '../journal/record.ts'
import { now } from '../kernel/clock.ts'
import { trace } from '../kernel/log.ts'
import { operation } from '../operations/operation.ts'

export async function drive(records: readonly OperationRecord[], checkpoint: Checkpoint) {
  trace('op %s', operation().id)
  await checkpoint(latest(records) ?? { at: now() })
}
`,
  'lib/plugins/hooks.ts': `import { drive } from '../driver/drive.ts'

export const hooked: typeof drive = (records, checkpoint) => drive(records, checkpoint)
`,
  'lib/lambda/handler.ts': `import { number, type } from 'superstruct'
import { hooked } from '../plugins/hooks.ts'

const event = type({ at: number() })

export async function lambdaHandler(input: unknown) {
  const { send } = await import('./aws-client.ts')
  await hooked([event.create(input)], send)
}
`,
  'lib/lambda/aws-client.ts': `import { LambdaClient } from '@aws-sdk/client-lambda'

export async function send() {
  const client = new LambdaClient({})
  await client.config.region()
}
`,
  'lib/service/service.ts': `import type { OperationRecord } from '../journal/record.ts'
import { draw } from '../kernel/random.ts'

export const accept = (record: OperationRecord) => ({ ...record, token: draw() })
`,
  'lib/testing/stepper.ts': `import { drive } from '../driver/drive.ts'
import { accept } from '../service/service.ts'

export const step = () => drive([accept({ at: 0 })], () => Promise.resolve())
`,
  'lib/local.ts': `export { listen } from './server/server.ts'
`,
  'lib/server/server.ts': `import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { start } from '../kernel/clock.ts'
import { accept } from '../service/service.ts'

export function listen(keep: (text: string) => unknown) {
  const answer = getRequestListener(new Hono().fetch)
  start(() => keep(JSON.stringify(accept({ at: 1 }))))
  return createServer((request, response) => void answer(request, response)).listen()
}
`,
  'lib/server/store/open.ts': `import Database from 'libsql'

export const open = (): { exec(sql: string): unknown } => new Database(':memory:')
`,
  'lib/cli/main.ts': `#!/usr/bin/env node
import { program } from 'commander'
import { listen } from '../server/server.ts'
import { open } from '../server/store/open.ts'

program.command('dev').action(() => {
  const store = open()
  console.log('listening', listen((text) => store.exec(text)).address())
  process.exit(0)
})
program.parse()
`,
  'samples/hello.ts': `import { lambdaHandler } from 'perdure'

export function* hello() {
  return lambdaHandler
}
`,
  'spec/hello.spec.ts': `import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { hello } from '../samples/hello.ts'

describe('hello', () => {
  it('greets', () => {
    expect(hello().next().done).to.equal(true)
    expectTypeOf(hello().next().done).toEqualTypeOf<boolean | undefined>()
  })
})
`,
} as const satisfies Files
