import { expectTypeOf } from 'expect-type'
import { number, object, string } from 'superstruct'
import {
  childContext,
  context,
  createCallback,
  driver,
  duration,
  invoke,
  now,
  poll,
  random,
  retry,
  step,
  text,
  uuid,
  wait,
  waitForCallback,
  waitForCondition,
  type Callback,
  type Coroutine,
  type Duration,
  type Member,
  type Operation,
  type ResultOf,
  type StepContext,
  type Workflow,
  type WorkflowContext,
} from '../../lib/index.ts'

// Judged by the compiler; run by mocha only so that the suite counts them.

interface Order {
  readonly id: string
}
interface Approval {
  readonly ok: boolean
}

/** Compiled, never called. */
const compiles = (_judged: () => unknown): void => undefined

describe('types: what `yield*` gives', () => {
  it('is what each operation results in', () => {
    compiles(function* () {
      expectTypeOf(yield* step('n', () => 42)).toEqualTypeOf<number>()
      expectTypeOf(yield* step(() => Promise.resolve('x'))).toEqualTypeOf<string>()
      expectTypeOf(yield* step(undefined, () => ({ id: 1 }))).toEqualTypeOf<{ id: number }>()
      expectTypeOf(yield* step(async () => undefined)).toEqualTypeOf<undefined>()
      expectTypeOf(wait('1s')).toEqualTypeOf<Operation<void>>()
      expectTypeOf(wait('n', { hours: 1 })).toEqualTypeOf<Operation<void>>()
      expectTypeOf(yield* createCallback()).toEqualTypeOf<Callback<unknown>>()
      expectTypeOf(yield* createCallback<Approval>('n')).toEqualTypeOf<Callback<Approval>>()
      expectTypeOf(yield* waitForCallback('n', () => 1)).toEqualTypeOf<unknown>()
      expectTypeOf(yield* waitForCallback<Approval>(() => 1)).toEqualTypeOf<Approval>()
      expectTypeOf(yield* invoke('f:1')).toEqualTypeOf<unknown>()
      expectTypeOf(yield* invoke<Approval>('f:1', { a: 1 })).toEqualTypeOf<Approval>()
      expectTypeOf(
        yield* waitForCondition('n', (state: number) => state + 1, {
          initialState: 0,
          strategy: () => false,
        }),
      ).toEqualTypeOf<number>()
      expectTypeOf(yield* now()).toEqualTypeOf<number>()
      expectTypeOf(yield* random()).toEqualTypeOf<number>()
      expectTypeOf(yield* uuid()).toEqualTypeOf<string>()
      expectTypeOf(yield* context()).toEqualTypeOf<WorkflowContext>()
    })
  })

  it('is the payload where the result of a callback is waited for', () => {
    compiles(function* () {
      const { id, result } = yield* createCallback<Approval>('n')
      expectTypeOf(id).toEqualTypeOf<string>()
      expectTypeOf(yield* result).toEqualTypeOf<Approval>()
    })
  })

  it('is what the body of a context returns, of whatever kind the body is', () => {
    compiles(function* () {
      const body = function* () {
        return (yield* step(() => 1)) + 1
      }
      expectTypeOf(yield* childContext(body)).toEqualTypeOf<number>()
      expectTypeOf(yield* childContext('n', body())).toEqualTypeOf<number>()
      expectTypeOf(yield* childContext('n', () => step(() => 'x'))).toEqualTypeOf<string>()
      expectTypeOf(yield* childContext(step(() => true))).toEqualTypeOf<boolean>()
    })
  })

  it('is what a schema or a serdes makes', () => {
    compiles(function* () {
      const order = object({ id: string(), amount: number() })
      const remote = (): Promise<unknown> => Promise.resolve()
      type Made = { id: string; amount: number }
      expectTypeOf(yield* step('n', remote, { schema: order })).toEqualTypeOf<Made>()
      expectTypeOf(yield* step(remote, { schema: order, timeout: '5s' })).toEqualTypeOf<Made>()
      expectTypeOf(yield* createCallback({ schema: order })).toEqualTypeOf<Callback<Made>>()
      expectTypeOf(yield* waitForCallback('n', () => 1, { schema: order })).toEqualTypeOf<Made>()
      expectTypeOf(yield* invoke('f', 1, { schema: order })).toEqualTypeOf<Made>()
      expectTypeOf(yield* step(() => 'x', { serdes: text })).toEqualTypeOf<string>()
    })
  })

  it('goes on through plain delegation', () => {
    compiles(function* () {
      function* inner(order: Order) {
        return { ...order, paid: yield* step(() => 5) }
      }
      expectTypeOf(yield* inner({ id: 'o' })).toEqualTypeOf<{ paid: number; id: string }>()
    })
  })
})

describe('types: a workflow', () => {
  it('needs no annotation of what it returns', () => {
    compiles(() => {
      function* checkout(order: Order, { log }: WorkflowContext) {
        log.info('begins', { id: order.id })
        const paid = yield* step('charge', () => 5)
        if (paid > 3) return { paid }
        yield* wait('1d')
        return undefined
      }
      expectTypeOf(checkout).toExtend<Workflow<Order, { paid: number } | undefined>>()
      driver.lambdaHandler(checkout)
      driver.lambdaHandler(checkout, { input: object({ id: string() }) })
    })
  })

  it('may be annotated, and may take no context or no input', () => {
    compiles(() => {
      const annotated = function* (_order: Order): Coroutine<number> {
        return yield* step(() => 1)
      }
      const bare = function* () {
        yield* wait('1s')
      }
      driver.lambdaHandler(annotated)
      driver.lambdaHandler(bare)
    })
  })

  it('is told from what is none', () => {
    compiles(() => {
      // @ts-expect-error -- a plain function walks nothing
      driver.lambdaHandler((order: Order) => order.id)
      // @ts-expect-error -- an async function cannot be replayed
      driver.lambdaHandler(async (order: Order) => Promise.resolve(order.id))
      // @ts-expect-error -- only operations are yielded
      driver.lambdaHandler(function* () {
        yield 42
      })
      const orders = function* (order: Order) {
        yield* step(() => order.id)
      }
      // @ts-expect-error -- the schema makes another input than the workflow takes
      driver.lambdaHandler(orders, { input: object({ id: number() }) })
    })
  })
})

describe('types: a member', () => {
  it('is any of four things', () => {
    const body = function* () {
      return yield* step(() => 1)
    }
    expectTypeOf(body).toExtend<Member<number>>()
    expectTypeOf(body()).toExtend<Member<number>>()
    expectTypeOf(step(() => 1)).toExtend<Member<number>>()
    expectTypeOf(() => step(() => 1)).toExtend<Member<number>>()
    expectTypeOf<() => number>().not.toExtend<Member<number>>()
  })

  it('has a result', () => {
    expectTypeOf<ResultOf<Operation<number>>>().toEqualTypeOf<number>()
    expectTypeOf<ResultOf<Coroutine<string>>>().toEqualTypeOf<string>()
    expectTypeOf<ResultOf<() => Operation<boolean>>>().toEqualTypeOf<boolean>()
    expectTypeOf<ResultOf<{ name: string; run: Operation<1> }>>().toEqualTypeOf<1>()
    expectTypeOf<ResultOf<number>>().toEqualTypeOf<never>()
  })
})

describe('types: durations and strategies', () => {
  it('are durations as they are written', () => {
    expectTypeOf<'30s'>().toExtend<Duration>()
    expectTypeOf<'1.5h'>().toExtend<Duration>()
    expectTypeOf<{ days: 1; hours: undefined }>().toExtend<Duration>()
    expectTypeOf<'30'>().not.toExtend<Duration>()
    expectTypeOf<'30ms'>().not.toExtend<Duration>()
    expectTypeOf<number>().not.toExtend<Duration>()
    expectTypeOf(duration('5s')).toEqualTypeOf<Duration>()
  })

  it('are strategies where one is asked for', () => {
    compiles(() => {
      step(() => 1, { retry: retry.none })
      step(() => 1, { retry: retry.exponential({ retryOn: [TypeError, 'busy', /5\d\d/] }) })
      step(() => 1, { retry: (_error, attempt) => (attempt < 3 ? '5s' : false) })
      waitForCondition((state: Approval) => state, {
        initialState: { ok: false },
        strategy: poll.fixed({ until: ({ ok }) => ok, delay: '5s' }),
      })
    })
  })
})

describe('types: what a body is handed', () => {
  it('is a step context', () => {
    compiles(() => {
      step((handed) => {
        expectTypeOf(handed).toEqualTypeOf<StepContext>()
        expectTypeOf(handed.signal).toEqualTypeOf<AbortSignal>()
        return 1
      })
      waitForCallback((id, handed) => {
        expectTypeOf(id).toEqualTypeOf<string>()
        expectTypeOf(handed.attempt).toEqualTypeOf<number>()
      })
    })
  })
})

describe('types: wrong uses', () => {
  it('are errors where they stand', () => {
    compiles(() => {
      // @ts-expect-error -- a duration has a unit
      wait('30')
      // @ts-expect-error -- a duration is no number
      wait(30)
      // @ts-expect-error -- a body is a function
      step('n', 42)
      // @ts-expect-error -- there are two semantics
      step('n', () => 1, { semantics: 'exactly-once' })
      // @ts-expect-error -- a serdes goes both ways
      step('n', () => 1, { serdes: { serialize: () => '' } })
      // @ts-expect-error -- text keeps texts only
      step('n', () => 1, { serdes: text })
      // @ts-expect-error -- a strategy is needed
      waitForCondition((state: number) => state, { initialState: 0 })
      // @ts-expect-error -- a check gives back the state
      waitForCondition((state: number) => String(state), {
        initialState: 0,
        strategy: () => false as const,
      })
      // @ts-expect-error -- a plain value is no body
      childContext('n', 42)
      // @ts-expect-error -- a function that returns a plain value is no body
      childContext('n', () => 42)
      // @ts-expect-error -- a strategy answers a duration or `false`
      step(() => 1, { retry: () => true })
      // @ts-expect-error -- a predicate is needed
      poll.fixed({ delay: '5s' })
    })
  })

  it('are errors where the result is used', () => {
    compiles(function* () {
      const forgotten = step(() => 1)
      // @ts-expect-error -- an operation is not its result
      const result: number = forgotten
      const loose: unknown = yield step(() => 1)
      // @ts-expect-error -- `yield` without `*` gives unknown
      const taken: number = loose
      return [result, taken]
    })
  })
})
