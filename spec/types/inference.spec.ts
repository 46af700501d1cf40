import { expectTypeOf } from 'expect-type'
import { number, object, string } from 'superstruct'
import {
  all,
  allSettled,
  any,
  childContext,
  completion,
  context,
  createCallback,
  driver,
  duration,
  fork,
  invoke,
  map,
  now,
  parallel,
  poll,
  race,
  random,
  retry,
  saga,
  status,
  step,
  text,
  uuid,
  version,
  wait,
  waitForCallback,
  waitForCondition,
  type BatchResult,
  type Callback,
  type Coroutine,
  type Duration,
  type Member,
  type Operation,
  type PerdureError,
  type ResultOf,
  type SettledMember,
  type StepContext,
  type Task,
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

describe('types: what a fan-out gives', () => {
  it('is a batch of what is returned for each item of a map', () => {
    compiles(function* () {
      const orders: Order[] = []
      const charge = function* (order: Order, index: number) {
        return { id: order.id, paid: yield* step(() => index) }
      }
      type Charged = BatchResult<{ id: string; paid: number }>
      expectTypeOf(yield* map(orders, charge)).toEqualTypeOf<Charged>()
      expectTypeOf(yield* map('n', orders, charge, { maxConcurrency: 2 })).toEqualTypeOf<Charged>()
      expectTypeOf(
        yield* map(undefined, orders, (order) => step(() => order.id), {
          itemName: ({ id }, index) => `${id}-${index}`,
          completion: completion.firstSuccessful,
          batch: { items: 10 },
        }),
      ).toEqualTypeOf<BatchResult<string>>()
      expectTypeOf(yield* map(['a'] as const, (letter) => step(() => letter))).toEqualTypeOf<
        BatchResult<'a'>
      >()
    })
  })

  it('is a batch of what any branch returns, of whatever kinds the branches are', () => {
    compiles(function* () {
      const body = function* () {
        return yield* step(() => true)
      }
      const batch = yield* parallel([
        step(() => 1),
        body,
        { name: 'third', run: () => step(() => 'x') },
      ])
      expectTypeOf(batch.results()).toEqualTypeOf<(number | boolean | string)[]>()
      expectTypeOf(batch).not.toHaveProperty('named')
      const all = yield* parallel('n', [body, body()], { nesting: 'flat' })
      expectTypeOf(all.results()).toEqualTypeOf<boolean[]>()
    })
  })

  it('has, of branches under names, the result of each under its name', () => {
    compiles(function* () {
      const { named, all } = yield* parallel('n', {
        count: step(() => 1),
        label: { name: 'other', run: () => step(() => 'x') },
      })
      expectTypeOf(named).toEqualTypeOf<{ readonly count?: number; readonly label?: string }>()
      const [first] = all
      if (first?.status === 'SUCCEEDED') {
        expectTypeOf(first.result).toEqualTypeOf<number | string>()
      }
      if (first?.status === 'FAILED') expectTypeOf(first.error).toEqualTypeOf<PerdureError>()
    })
  })

  it('is told apart from what cannot be one', () => {
    compiles(() => {
      // @ts-expect-error -- items are an array
      map(new Set([1]), (item: number) => step(() => item))
      // @ts-expect-error -- a plain value is nothing to run
      map([1], (item) => item)
      // @ts-expect-error -- a plain value is no branch
      parallel([42])
      // @ts-expect-error -- a branch by name has something to run
      parallel([{ name: 'x' }])
      // @ts-expect-error -- there are two nestings
      map([1], (item) => step(() => item), { nesting: 'deep' })
      // @ts-expect-error -- branches are not put together
      parallel([step(() => 1)], { batch: { items: 2 } })
      // @ts-expect-error -- a completion says one of three words
      map([1], (item) => step(() => item), { completion: () => 'stop' })
    })
  })
})

describe('types: what a combinator gives', () => {
  const body = function* () {
    return yield* step(() => 'x')
  }
  const tuple = [step(() => 1), body] as const
  const record = { count: step(() => 1), label: body }

  it('is the result of each member, in its place or under its name', () => {
    compiles(function* () {
      expectTypeOf(yield* all([step(() => 1), body])).toEqualTypeOf<[number, string]>()
      expectTypeOf(yield* all('n', tuple)).toEqualTypeOf<[number, string]>()
      expectTypeOf(yield* all(record)).toEqualTypeOf<{ count: number; label: string }>()
      expectTypeOf(yield* all([1, 2].map((n) => step(() => n)))).toEqualTypeOf<number[]>()
    })
  })

  it('is how each member ended, of allSettled', () => {
    compiles(function* () {
      expectTypeOf(yield* allSettled([step(() => 1), body])).toEqualTypeOf<
        [SettledMember<number>, SettledMember<string>]
      >()
      expectTypeOf(yield* allSettled('n', record)).toEqualTypeOf<{
        count: SettledMember<number>
        label: SettledMember<string>
      }>()
    })
  })

  it('is the result of one member, and under names says whose, of race and any', () => {
    compiles(function* () {
      expectTypeOf(yield* race([step(() => 1), body])).toEqualTypeOf<number | string>()
      expectTypeOf(yield* any('n', tuple)).toEqualTypeOf<number | string>()
      const first = yield* race(record)
      if (first.winner === 'count') expectTypeOf(first.value).toEqualTypeOf<number>()
      else expectTypeOf(first.value).toEqualTypeOf<string>()
      expectTypeOf(yield* any('n', record)).toEqualTypeOf<typeof first>()
    })
  })

  it('is a task, of fork, and the result of the body where that is joined', () => {
    compiles(function* () {
      const task = yield* fork(body)
      expectTypeOf(task).toEqualTypeOf<Task<string>>()
      expectTypeOf(yield* task).toEqualTypeOf<string>()
      expectTypeOf(task.cancel()).toEqualTypeOf<Operation<void>>()
      expectTypeOf(yield* all([task, step(() => 1)])).toEqualTypeOf<[string, number]>()
      expectTypeOf(
        yield* fork(
          'n',
          step(() => 1),
        ),
      ).toEqualTypeOf<Task<number>>()
    })
  })

  it('is what it is of saga, version and status', () => {
    compiles(function* () {
      expectTypeOf(yield* saga(body)).toEqualTypeOf<string>()
      expectTypeOf(
        yield* saga(
          'n',
          step(() => 1),
        ),
      ).toEqualTypeOf<number>()
      expectTypeOf(yield* version('v', { min: 1, max: 2 })).toEqualTypeOf<number>()
      expectTypeOf(status({ done: 1 })).toEqualTypeOf<Operation<void>>()
    })
  })

  it('is asked of members only', () => {
    compiles(() => {
      // @ts-expect-error -- a plain value is no member
      all([1])
      // @ts-expect-error -- a promise is no member
      race({ a: Promise.resolve(1) })
      // @ts-expect-error -- only branches of a parallel have names of their own
      any([{ name: 'x', run: body }])
      // @ts-expect-error -- a plain value is no body
      fork(42)
      // @ts-expect-error -- a range has two ends
      version('v', { min: 1 })
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
