import { createDriver } from '../../../lib/lambda/driver.ts'
import { step } from '../../../lib/operations/step.ts'
import { wait } from '../../../lib/operations/wait.ts'
import type { Coroutine } from '../../../lib/operations/workflow.ts'
import type { EmbeddedSettings, Handler } from '../../../lib/testing/embedded.ts'
import { silent } from './handler-of.ts'

const driver = createDriver({ log: silent })

function refuse(): never {
  throw new Error('callee refuses')
}

/** What plans invoke; those that say `missing` find nothing. */
export const functions: Readonly<
  Record<string, { readonly handler: Handler; readonly settings: EmbeddedSettings }>
> = {
  echo: { handler: (echo) => ({ echo }), settings: { durable: false } },
  refuse: { handler: refuse, settings: { durable: false } },
  'durable-echo': {
    handler: driver.lambdaHandler(function* (input: unknown): Coroutine<unknown> {
      yield* wait('2s')
      return yield* step(() => ({ echo: input }))
    }),
    settings: {},
  },
  'durable-refuse': {
    handler: driver.lambdaHandler(function* (): Coroutine<unknown> {
      yield* wait('1s')
      return refuse()
    }),
    settings: {},
  },
}
