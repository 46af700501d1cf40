import {
  childContext,
  createCallback,
  createDriver,
  invoke,
  map,
  poll,
  retry,
  step,
  wait,
  waitForCallback,
  waitForCondition,
  type Coroutine,
  type StepContext,
} from '../../lib/index.ts'
import { writeLine } from './ledger.ts'
import { recordingClient } from './recording-client.ts'
import type { Input, Kind, results } from './workload.ts'

// The functions that run while their server is killed. Each body says in the ledger that it has begun.

const { SOAK_LEDGER = '', SOAK_SERVER = '0', AWS_ENDPOINT_URL_LAMBDA = '' } = process.env
const server = Number(SOAK_SERVER)

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const driver = createDriver({
  client: recordingClient(AWS_ENDPOINT_URL_LAMBDA, SOAK_LEDGER, server),
  log: silent,
})

/** A kill may hit any number of attempts in a row. */
const untilDone = retry.fixed({ delay: '1s', maxAttempts: 1000 })

/** A body that takes `milliseconds`, and whose answer is `answer`. */
function effect<T>(execution: string, answer: T, milliseconds = 5, atMostOnce = false) {
  return async ({ attempt, operationId }: StepContext): Promise<T> => {
    writeLine(SOAK_LEDGER, {
      what: 'body',
      server,
      execution,
      step: operationId,
      attempt,
      atMostOnce,
    })
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    return answer
  }
}

const often = { retry: untilDone } as const
const onceEach = { retry: untilDone, semantics: 'at-most-once' } as const
const once = { retry: retry.none, semantics: 'at-most-once' } as const

function* steps({ id }: Input): Coroutine<unknown> {
  const one = yield* step('one', effect(id, 1), often)
  const two = yield* step('two', effect(id, 2, 30, true), onceEach)
  const four = yield* step('four', flaky(id, 4), often)
  return one + two + four
}

/** Fails in its first attempt. */
function flaky(id: string, answer: number) {
  const body = effect(id, answer)
  return async (context: StepContext) => {
    if (context.attempt === 1) throw new Error('not yet')
    return body(context)
  }
}

function* waits({ id }: Input): Coroutine<unknown> {
  const one = yield* step(effect(id, 1), often)
  yield* wait('short', '1s')
  const two = yield* step(effect(id, 2, 40, true), onceEach)
  yield* wait('longer', '4s')
  return one + two
}

/** Interrupted, or not: what happened must be what was recorded. */
function* charge({ id }: Input): Coroutine<unknown> {
  try {
    return yield* step('charge', effect(id, 'charged', 60, true), once)
  } catch {
    return 'interrupted'
  }
}

function* approval({ id }: Input): Coroutine<unknown> {
  const first = yield* waitForCallback<string>('approve', submit(id), { retry: untilDone })
  const made = yield* createCallback<string>('confirm', { heartbeatTimeout: '10m' })
  yield* step('announce', () => submit(id)(made.id), often)
  return [first, yield* made.result]
}

function submit(execution: string) {
  return (id: string): void => writeLine(SOAK_LEDGER, { what: 'callback', server, execution, id })
}

function* chain({ id }: Input): Coroutine<unknown> {
  const durable = yield* invoke<number>('soak-callee:$LATEST', {
    id: `${id}-callee`,
    kind: 'callee',
  })
  const plain = yield* invoke<number>('soak-plain', { id })
  return durable + plain
}

function* fanOut({ id }: Input): Coroutine<unknown> {
  const doubled = yield* map(
    'doubled',
    [1, 2, 3, 4],
    function* (item) {
      const here = yield* step(effect(id, item), often)
      const there = yield* step(effect(id, item, 10, true), onceEach)
      return here + there
    },
    { maxConcurrency: 3 },
  )
  const child = yield* childContext('apart', function* () {
    yield* wait('1s')
    return yield* step(effect(id, 100), often)
  })
  return doubled.results().reduce((sum, one) => sum + one, child)
}

function* polling({ id }: Input): Coroutine<unknown> {
  const tick = effect(id, undefined)
  return yield* waitForCondition<number>(
    'until three',
    async (state, context) => {
      await tick(context)
      return state + 1
    },
    {
      initialState: 0,
      strategy: poll.fixed({ delay: '1s', until: (state) => state >= 3 }),
    },
  )
}

/** Waits for what never comes, until it is stopped. */
function* endless({ id }: Input): Coroutine<unknown> {
  yield* step(effect(id, 1), often)
  const never = yield* createCallback('never')
  return yield* never.result
}

const workflows = {
  steps,
  waits,
  charge,
  approval,
  chain,
  fanOut,
  polling,
  endless,
} satisfies Record<keyof typeof results, (input: Input) => Coroutine<unknown>>

type Main = Input & { readonly kind: Exclude<Kind, 'callee'> }

export const main = driver.lambdaHandler(function* (input: Main): Coroutine<unknown> {
  return yield* workflows[input.kind](input)
})

export const callee = driver.lambdaHandler(function* ({ id }: Input): Coroutine<number> {
  const one = yield* step(effect(id, 10), often)
  yield* wait('1s')
  return one + (yield* step(effect(id, 20, 20, true), onceEach))
})

export async function plain(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 50))
  return 300
}
