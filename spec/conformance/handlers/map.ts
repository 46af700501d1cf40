import { map, step, wait, type BatchRecord, type BatchResult, type Serdes } from 'perdure'

import type { Handlers } from '../handler.ts'

const oneAtATime = { maxConcurrency: 1 } as const

function* itself<T>(item: T): Generator<never, T> {
  return item
}

function* upper(item: string): Generator<never, string> {
  return item.toUpperCase()
}

/** Returns an item, but for one that says `fail`. */
function* unlessFail(item: string): Generator<never, string> {
  if (item === 'fail') throw new Error('the item is broken')
  return item
}

function facts({
  completionReason,
  status,
  successCount,
  failureCount,
  totalCount,
}: BatchResult<unknown>) {
  return { completionReason, status, successCount, failureCount, totalCount }
}

function* greetEach(names: string[]) {
  const greet = (name: string) => step(() => `Hello, ${name}!`)
  return (yield* map('map', names, greet, oneAtATime)).results()
}

function* withoutName(numbers: number[]) {
  const double = function* (number: number): Generator<never, number> {
    return number * 2
  }
  return (yield* map(numbers, double, oneAtATime)).results()
}

function* itemAndIndex(numbers: number[]) {
  const sum = function* (number: number, index: number): Generator<never, number> {
    return number + index
  }
  return (yield* map('indexed', numbers, sum, oneAtATime)).results()
}

function* noItems(items: string[]) {
  return (yield* map('empty', items, itself)).results()
}

function* failFast() {
  const completion = { toleratedFailureCount: 0 }
  const options = { ...oneAtATime, completion }
  return facts(yield* map('failfast', ['ok', 'fail', 'never'], unlessFail, options))
}

function* throwIfFailed() {
  const completion = { toleratedFailureCount: 0 }
  const options = { ...oneAtATime, completion }
  const batch = yield* map('throwing', ['fail', 'never'], unlessFail, options)
  batch.throwIfFailed()
  return batch.results()
}

function* twoOfFour() {
  const completion = { minSuccessful: 2 }
  const options = { ...oneAtATime, completion }
  return facts(yield* map('min-successful', ['i0', 'i1', 'i2', 'i3'], itself, options))
}

function* tolerateOne() {
  const completion = { toleratedFailureCount: 1 }
  const options = { ...oneAtATime, completion }
  return facts(yield* map('tolerated-exceeded', ['fail', 'fail', 'never'], unlessFail, options))
}

function* twoAtATime() {
  return (yield* map('concurrent', ['r0', 'r1', 'r2'], itself, { maxConcurrency: 2 })).results()
}

function* namedItems(numbers: number[]) {
  const tenfold = function* (number: number): Generator<never, number> {
    return number * 10
  }
  const itemName = (number: number) => `item-${number}`
  return (yield* map('named-items', numbers, tenfold, { ...oneAtATime, itemName })).results()
}

function* waitInSecond() {
  const run = function* (item: string, index: number) {
    if (index === 1) yield* wait('1s')
    return yield* step(() => item)
  }
  return (yield* map('waiting', ['r0', 'r1'], run, oneAtATime)).results()
}

function* waitAfterwards() {
  const batch = yield* map('finished', ['a', 'b'], upper, oneAtATime)
  yield* wait('1s')
  return batch.results()
}

/** Results, joined by commas behind a word; all else of a batch follows from them. */
const joining: Serdes<BatchRecord<string>> = {
  serialize: ({ all }) => {
    const results = all.map((item) => (item.status === 'SUCCEEDED' ? item.result : ''))
    return `OPSERDE:${results.join(',')}`
  },
  deserialize: (text) => ({
    all: text
      .slice('OPSERDE:'.length)
      .split(',')
      .map((result, index) => ({ index, status: 'SUCCEEDED', result })),
    completionReason: 'ALL_COMPLETED',
  }),
}

function* joinResults() {
  return (yield* map('joined', ['x', 'y'], upper, { ...oneAtATime, serdes: joining })).results()
}

export const handlers = {
  '9-1': { workflow: greetEach },
  '9-2': { workflow: withoutName },
  '9-3': { workflow: itemAndIndex },
  '9-4': { workflow: noItems },
  '9-5': { workflow: failFast },
  '9-6': { workflow: throwIfFailed },
  '9-7': { workflow: twoOfFour },
  '9-9': { workflow: tolerateOne },
  '9-11': { workflow: twoAtATime },
  '9-13': { workflow: namedItems },
  '9-15': { workflow: waitInSecond },
  '9-17': { workflow: waitAfterwards },
  '9-19': { workflow: joinResults },
} satisfies Handlers
