import { expectTypeOf } from 'expect-type'
import {
  all,
  allSettled,
  any,
  childContext,
  driver,
  fork,
  invoke,
  map,
  parallel,
  race,
  saga,
  step,
  wait,
  waitForCallback,
  type BatchItem,
  type BatchRecord,
  type BatchResult,
  type Branch,
  type Coroutine,
  type Member,
  type Operation,
  type PerdureError,
  type Serdes,
  type SettledMember,
  type Task,
} from '../../lib/index.ts'

// Judged by the compiler; run by mocha only so that the suite counts them.

interface Seat {
  readonly row: number
}

/** Compiled, never called. */
const compiles = (_judged: () => unknown): void => undefined

const count = () => step('count', () => 1)
const label = function* () {
  return yield* step('label', () => 'x')
}
const seat = (row: number): Operation<Seat> => step('seat', () => ({ row }))

describe('types: members of every kind', () => {
  it('have their own results side by side, in an array', () => {
    compiles(function* () {
      const task = yield* fork(label)
      const results = yield* all([
        count(),
        label,
        label(),
        task,
        () => seat(1),
        waitForCallback<{ ok: boolean }>(() => undefined),
        invoke<Date>('f'),
      ])
      expectTypeOf(results).toEqualTypeOf<
        [number, string, string, string, Seat, { ok: boolean }, Date]
      >()
    })
  })

  it('have their own results side by side, under names', () => {
    compiles(function* () {
      const task = yield* fork(label)
      const members = { count: count(), label, made: label(), task, seat: () => seat(1) }
      expectTypeOf(yield* all(members)).toEqualTypeOf<{
        count: number
        label: string
        made: string
        task: string
        seat: Seat
      }>()
      expectTypeOf(yield* allSettled(members)).toEqualTypeOf<{
        count: SettledMember<number>
        label: SettledMember<string>
        made: SettledMember<string>
        task: SettledMember<string>
        seat: SettledMember<Seat>
      }>()
    })
  })

  it('are told apart by the name of the winner', () => {
    compiles(function* () {
      const task = yield* fork(() => seat(1))
      const first = yield* race('first', { task, label, late: wait('1h') })
      expectTypeOf(first.winner).toEqualTypeOf<'task' | 'label' | 'late'>()
      switch (first.winner) {
        case 'task':
          return expectTypeOf(first.value).toEqualTypeOf<Seat>()
        case 'label':
          return expectTypeOf(first.value).toEqualTypeOf<string>()
        case 'late':
          return expectTypeOf(first.value).toBeVoid()
      }
    })
    compiles(function* () {
      expectTypeOf(yield* any([label(), count(), yield* fork(() => seat(1))])).toEqualTypeOf<
        string | number | Seat
      >()
      expectTypeOf(yield* race([label])).toEqualTypeOf<string>()
    })
  })

  it('may be made from data, under any number of names', () => {
    compiles(function* () {
      const byRow: Record<string, Operation<Seat>> = { a: seat(1) }
      expectTypeOf(yield* all(byRow)).toEqualTypeOf<Record<string, Seat>>()
      expectTypeOf(yield* race(byRow)).toEqualTypeOf<{
        readonly winner: string
        readonly value: Seat
      }>()
      expectTypeOf(yield* all([1, 2].map((row) => seat(row)))).toEqualTypeOf<Seat[]>()
      expectTypeOf(yield* all([1, 2].map((row) => () => seat(row)))).toEqualTypeOf<Seat[]>()
      const some: readonly Member<Seat>[] = [seat(1), () => seat(2)]
      expectTypeOf(yield* any(some)).toEqualTypeOf<Seat>()
      expectTypeOf(yield* all([])).toEqualTypeOf<[]>()
    })
  })

  it('may be combinators, contexts and sagas in turn', () => {
    compiles(function* () {
      const { stay, paid } = yield* all({
        stay: saga('stay', all([seat(1), count()])),
        paid: race({ card: childContext('card', label), late: wait('10m') }),
      })
      expectTypeOf(stay).toEqualTypeOf<[Seat, number]>()
      expectTypeOf(paid.winner).toEqualTypeOf<'card' | 'late'>()
    })
  })

  it('keep unions and optional results as they are', () => {
    compiles(function* () {
      const maybe = function* (row: number) {
        if (row > 1) return undefined
        return yield* seat(row)
      }
      expectTypeOf(yield* all([() => maybe(1), maybe(2)])).toEqualTypeOf<
        [Seat | undefined, Seat | undefined]
      >()
      const either = (row: number): Operation<number> | Operation<Seat> =>
        row > 1 ? count() : seat(row)
      expectTypeOf(yield* all([either(1)])).toEqualTypeOf<[number | Seat]>()
    })
  })
})

describe('types: branches of every kind', () => {
  it('make a batch of whatever any of them results in', () => {
    compiles(function* () {
      const task = yield* fork(() => seat(1))
      const batch = yield* parallel([
        count(),
        label,
        label(),
        task,
        { name: 'by task', run: task },
        { name: 'by generator', run: label() },
      ])
      expectTypeOf(batch).toEqualTypeOf<BatchResult<number | string | Seat>>()
      expectTypeOf(batch.all).toEqualTypeOf<readonly BatchItem<number | string | Seat>[]>()
      expectTypeOf(batch.succeeded()[0]?.result).toEqualTypeOf<number | string | Seat | undefined>()
      expectTypeOf(batch.errors()).toEqualTypeOf<PerdureError[]>()
    })
  })

  it('have each its own result under its name, which may be missing', () => {
    compiles(function* () {
      const task = yield* fork(() => seat(1))
      const { named } = yield* parallel('n', {
        count: count(),
        label: { name: 'other', run: label },
        task,
        made: label(),
      })
      expectTypeOf(named).toEqualTypeOf<{
        readonly count?: number
        readonly label?: string
        readonly task?: Seat
        readonly made?: string
      }>()
      // @ts-expect-error -- a branch may have failed, and then has no result
      const sure: number = named.count
      // @ts-expect-error -- there is no such branch
      void named.price
      return sure
    })
  })

  it('may be made from data', () => {
    compiles(function* () {
      const branches: Branch<Seat>[] = [seat(1), { name: 'b', run: () => seat(2) }]
      expectTypeOf((yield* parallel(branches)).results()).toEqualTypeOf<Seat[]>()
      const byRow: Record<string, Branch<Seat>> = {}
      const { named } = yield* parallel(byRow)
      expectTypeOf(named['a']).toEqualTypeOf<Seat | undefined>()
    })
  })

  it('have options that know what they result in', () => {
    compiles(function* () {
      const serdes = {} as Serdes<BatchRecord<number | string>>
      yield* parallel([count(), label], {
        serdes,
        summarize: (batch) => {
          expectTypeOf(batch).toEqualTypeOf<BatchResult<number | string>>()
          return `${batch.successCount} done`
        },
        completion: ({ items, successCount }) => {
          expectTypeOf(items[0]?.status).toEqualTypeOf<'SUCCEEDED' | 'FAILED' | undefined>()
          return successCount > 1 ? 'succeed' : 'continue'
        },
      })
    })
  })
})

describe('types: items', () => {
  it('may be walked by operations, generators and tasks', () => {
    compiles(function* () {
      const task = yield* fork(label)
      expectTypeOf(yield* map([1], (row) => seat(row))).toEqualTypeOf<BatchResult<Seat>>()
      expectTypeOf(yield* map([1], () => label())).toEqualTypeOf<BatchResult<string>>()
      expectTypeOf(yield* map([1], () => task)).toEqualTypeOf<BatchResult<string>>()
      expectTypeOf(yield* map([1], () => all([count(), label]))).toEqualTypeOf<
        BatchResult<[number, string]>
      >()
      expectTypeOf(yield* map([1, 2] as const, (row) => map(['a'], () => seat(row)))).toEqualTypeOf<
        BatchResult<BatchResult<Seat>>
      >()
    })
  })
})

describe('types: beginners’ mistakes among members', () => {
  it('are errors where they stand', () => {
    compiles(function* () {
      const task = yield* fork(label)
      // @ts-expect-error -- a promise is no member
      all([Promise.resolve(1)])
      // @ts-expect-error -- nor is what an async function makes
      all([async () => Promise.resolve(1)])
      // @ts-expect-error -- nor are the results of operations
      all([yield* count()])
      // @ts-expect-error -- an async function walks no item
      map([1], async (row: number) => Promise.resolve(row))
      // @ts-expect-error -- an async function is no branch
      parallel({ a: async () => Promise.resolve(1) })
      // @ts-expect-error -- a step's body goes into a step
      race([() => 1])
      // @ts-expect-error -- a task is joined by `yield*`, not called
      task()
      // @ts-expect-error -- a saga is handed its body, not its result
      saga('n', yield* label())
      // @ts-expect-error -- members are in an array or an object
      all(count(), count())
    })
  })

  it('are errors where the result is used', () => {
    compiles(function* () {
      const unjoined: Task<string> = yield* fork(label)
      // @ts-expect-error -- a task is not its result
      const text: string = unjoined
      const walking: Coroutine<string> = label()
      // @ts-expect-error -- a generator is not its result
      const walked: string = walking
      const first = yield* race({ a: count(), b: label })
      // @ts-expect-error -- it is not known whose result it is
      const value: number = first.value
      return [text, walked, value]
    })
    driver.lambdaHandler(function* () {
      // @ts-expect-error -- `yield` without `*` gives unknown
      const batch: BatchResult<Seat> = yield map([1], (row) => seat(row))
      return batch.successCount
    })
  })
})
