import {
  all,
  allSettled,
  any,
  childContext,
  map,
  parallel,
  race,
  retry,
  step,
  wait,
  type BatchResult,
} from '../../../lib/index.ts'
import { fail } from '../errors.ts'
import type { Programs } from './program.ts'

const once = { retry: retry.none }
const itemName = (item: unknown) => `item ${String(item)}`
const inTurn = { maxConcurrency: 1, itemName }

function facts(batch: BatchResult<unknown>) {
  const { completionReason, status, successCount, failureCount, totalCount } = batch
  const results = batch.results()
  return { completionReason, status, successCount, failureCount, totalCount, results }
}

function* unlessTwo(item: number): Generator<never, number> {
  return item === 2 ? fail() : item
}

const giving = (value: string) =>
  function* (): Generator<never, string> {
    return value
  }

function* failing(): Generator<never, string> {
  fail()
}

export const contexts: Programs = {
  *child() {
    return yield* childContext('outer', function* () {
      const one = yield* step('one', () => 1)
      return yield* childContext('inner', function* () {
        yield* wait('pause', '1m')
        return yield* step('two', () => one + 1)
      })
    })
  },
  *childFailed() {
    return yield* childContext('outer', () => step('charge', () => fail(), once))
  },
  *childThrew() {
    return yield* childContext('outer', failing)
  },
  *childLarge() {
    const large = yield* childContext('outer', function* () {
      const letter = yield* step('letter', () => 'x')
      return letter.repeat(300_000)
    })
    yield* wait('pause', '1m')
    return large.length
  },
  *map(items: number[]) {
    const square = (item: number) => step('square', () => item * item)
    return facts(yield* map('squares', items, square, inTurn))
  },
  *mapWaiting(items: number[]) {
    const nap = function* (item: number) {
      yield* wait('nap', { minutes: item })
      return yield* step('wake', () => item)
    }
    return facts(yield* map('naps', items, nap, { itemName }))
  },
  *mapFailed(items: number[]) {
    return facts(yield* map('fussy', items, unlessTwo, inTurn))
  },
  *mapTolerant(items: number[]) {
    const completion = { toleratedFailureCount: 1 }
    return facts(yield* map('fussy', items, unlessTwo, { ...inTurn, completion }))
  },
  *mapOfNothing() {
    return facts(yield* map('none', [], giving('one'), inTurn))
  },
  *mapFlat(items: number[]) {
    const square = (item: number) => step(`square ${item}`, () => item * item)
    return facts(yield* map('flat', items, square, { ...inTurn, nesting: 'flat' }))
  },
  *mapLarge(items: number[]) {
    const long = function* (item: number): Generator<never, string> {
      return String(item).repeat(100_000)
    }
    const batch = yield* map('long', items, long, inTurn)
    yield* wait('pause', '1m')
    return batch.results().map((result) => result.length)
  },
  *parallel() {
    const branches = [
      { name: 'first', run: () => step('a', () => 'A') },
      { name: 'second', run: () => step('b', () => 'B') },
    ]
    return facts(yield* parallel('both', branches, { maxConcurrency: 1 }))
  },
  *parallelEnough() {
    const branches = [giving('a'), failing, giving('c'), giving('d')]
    const completion = { minSuccessful: 2 }
    return facts(yield* parallel('enough', branches, { maxConcurrency: 1, completion }))
  },
  *parallelThrown() {
    const batch = yield* parallel('both', [failing, giving('b')], { maxConcurrency: 1 })
    batch.throwIfFailed()
    return 'unreachable'
  },
  *parallelInvalid() {
    return facts(yield* parallel('none at a time', [giving('a')], { maxConcurrency: 0 }))
  },
  *all() {
    return yield* all('both', [step('one', () => 1), step('two', () => 2)])
  },
  *allFailed() {
    return yield* all('both', [step('one', () => 1), step('two', () => fail(), once)])
  },
  *allSettled() {
    const members = [step('one', () => 1), step('two', (): number => fail(), once)]
    return (yield* allSettled('both', members)).map(({ status }) => status)
  },
  *any() {
    return yield* any('either', [step('one', (): number => fail(), once), step('two', () => 2)])
  },
  *anyFailed() {
    const one = step('one', () => fail('one'), once)
    const two = step('two', () => fail('two'), once)
    try {
      return yield* any('either', [one, two])
    } catch {
      return 'none'
    }
  },
  *race() {
    yield* race('first', [wait('slow', '10m'), wait('fast', '1m')])
    return 'over'
  },
}
