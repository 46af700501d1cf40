import { parallel, step, type BatchResult, type Coroutine, type Serdes } from 'perdure'

import type { Handlers } from '../handler.ts'

const oneAtATime = { maxConcurrency: 1 } as const

/** A branch that returns `value` and asks for nothing. */
const giving = <T>(value: T) =>
  function* (): Coroutine<T> {
    return value
  }

function* failing(): Generator<never, string> {
  throw new Error('the branch is broken')
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

function* stepInEachBranch() {
  const branches = [() => step(() => 'task-1'), () => step(() => 'task-2')]
  return (yield* parallel('parallel', branches, oneAtATime)).results()
}

function* withoutName() {
  return (yield* parallel([giving('alpha'), giving('beta')], oneAtATime)).results()
}

function* namedBranches() {
  const branches = [
    { name: 'first', run: giving('one') },
    { name: 'second', run: giving('two') },
  ]
  return (yield* parallel('named', branches, oneAtATime)).results()
}

function* differentTypes() {
  const branches = [giving('hello'), giving(42), giving({ k: 'v' })] as const
  return (yield* parallel('types', branches, oneAtATime)).results()
}

function* noBranches() {
  return (yield* parallel('empty', [])).results()
}

function* failFast() {
  const completion = { toleratedFailureCount: 0 }
  const branches = [giving('ok'), failing, giving('never')]
  return facts(yield* parallel('failfast', branches, { ...oneAtATime, completion }))
}

function* throwIfFailed() {
  const completion = { toleratedFailureCount: 0 }
  const batch = yield* parallel('throwing', [failing, giving('never')], {
    ...oneAtATime,
    completion,
  })
  batch.throwIfFailed()
  return batch.results()
}

function* twoOfFour() {
  const completion = { minSuccessful: 2 }
  const branches = ['b0', 'b1', 'b2', 'b3'].map(giving)
  return facts(yield* parallel('min-successful', branches, { ...oneAtATime, completion }))
}

function* tolerateOne() {
  const completion = { toleratedFailureCount: 1 }
  const branches = [giving('b0'), failing, giving('b2')]
  return facts(yield* parallel('tolerated', branches, { ...oneAtATime, completion }))
}

function* twoAtATime() {
  return (yield* parallel('concurrent', ['r0', 'r1', 'r2'].map(giving), {
    maxConcurrency: 2,
  })).results()
}

function* tolerateAQuarter() {
  const completion = { toleratedFailurePercentage: 25 }
  const branches = [failing, failing, giving('b2'), giving('b3')]
  return facts(yield* parallel('percentage', branches, { ...oneAtATime, completion }))
}

const wrapping: Serdes<string> = {
  serialize: (wrapped) => JSON.stringify({ wrapped }),
  deserialize: (text) => (JSON.parse(text) as { wrapped: string }).wrapped,
}

function* wrapEachResult() {
  const options = { ...oneAtATime, itemSerdes: wrapping }
  return (yield* parallel('wrapped', ['x', 'y'].map(giving), options)).results()
}

function* threeNeverSucceed() {
  const completion = { minSuccessful: 3 }
  const branches = [giving('b0'), failing, giving('b2')]
  return facts(yield* parallel('not-reached', branches, { ...oneAtATime, completion }))
}

function* noneAtATime() {
  return (yield* parallel('invalid', [giving('a'), giving('b')], { maxConcurrency: 0 })).results()
}

function* parallelInParallel() {
  const inner = function* () {
    const branches = [() => step(() => 'i1'), () => step(() => 'i2')]
    return (yield* parallel('inner', branches, oneAtATime)).results()
  }
  return (yield* parallel('outer', [inner], oneAtATime)).results()
}

export const handlers = {
  '8-1': { workflow: stepInEachBranch },
  '8-2': { workflow: withoutName },
  '8-3': { workflow: namedBranches },
  '8-4': { workflow: differentTypes },
  '8-5': { workflow: noBranches },
  '8-6': { workflow: failFast },
  '8-7': { workflow: throwIfFailed },
  '8-8': { workflow: twoOfFour },
  '8-9': { workflow: tolerateOne },
  '8-11': { workflow: twoAtATime },
  '8-13': { workflow: tolerateAQuarter },
  '8-15': { workflow: wrapEachResult },
  '8-17': { workflow: threeNeverSucceed },
  '8-19': { workflow: noneAtATime },
  '8-21': { workflow: parallelInParallel },
} satisfies Handlers
