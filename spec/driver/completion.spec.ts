import { expect } from 'chai'
import fc from 'fast-check'
import { Tally } from '../../lib/driver/tally.ts'
import { failed, succeeded } from '../../lib/kernel/settled.ts'
import {
  completion,
  type Completion,
  type CompletionReason,
  type CompletionState,
} from '../../lib/index.ts'
import { refusal } from '../support/refusal.ts'

/** Items of these names. */
const named = (names: readonly (string | undefined)[]) => ({
  count: names.length,
  name: (index: number) => names[index],
})

/** The reason after each of the ends, written `S` and `F`, of the first of `total` items. */
function reasons(ends: string, total: number, rule?: Completion): (CompletionReason | undefined)[] {
  const tally = new Tally({ count: total, name: () => undefined }, rule)
  return [...ends].map((end, index) => {
    tally.start(index)
    return tally.end(index, end === 'S' ? succeeded(index) : failed(new Error('boom')))
  })
}

const all = 'ALL_COMPLETED'
const enough = 'MIN_SUCCESSFUL_REACHED'
const toomany = 'FAILURE_TOLERANCE_EXCEEDED'
const both = { minSuccessful: 2, toleratedFailureCount: 0 }
const twoRules = { toleratedFailureCount: 3, toleratedFailurePercentage: 25 }

/** Limits, ends of items out of so many, and the reason after the last; no reason before it. */
const table: [string, Completion | undefined, string, number, CompletionReason | undefined][] = [
  ['without a completion, all succeed', undefined, 'SSS', 3, all],
  ['without a completion, the first failure', undefined, 'SF', 3, toomany],
  ['without a completion, a failure at the very end', undefined, 'SSF', 3, toomany],
  ['with limits that say nothing', { minSuccessful: undefined }, 'SF', 3, toomany],
  ['with an empty object', {}, 'F', 3, toomany],
  ['enough succeed', { minSuccessful: 2 }, 'FSS', 4, enough],
  ['enough succeed with the last item', { minSuccessful: 2 }, 'SS', 2, all],
  ['too few succeed, which no failure stops', { minSuccessful: 3 }, 'SFS', 3, all],
  ['more must succeed than there are', { minSuccessful: 9 }, 'SS', 2, all],
  ['failures up to the count', { toleratedFailureCount: 1 }, 'SF', 3, undefined],
  ['failures up to the count, at the end', { toleratedFailureCount: 1 }, 'SFS', 3, all],
  ['failures past the count', { toleratedFailureCount: 1 }, 'FF', 3, toomany],
  ['failures past the count at the very end', { toleratedFailureCount: 1 }, 'SFF', 3, toomany],
  ['failures up to the share', { toleratedFailurePercentage: 25 }, 'FSS', 4, undefined],
  ['failures past the share of all items', { toleratedFailurePercentage: 25 }, 'FF', 4, toomany],
  ['any failure past a share of none', { toleratedFailurePercentage: 0 }, 'SF', 4, toomany],
  ['a share of all', { toleratedFailurePercentage: 100 }, 'FFF', 3, all],
  ['a count that holds and a share that does not', twoRules, 'FF', 4, toomany],
  ['failure before success where both limits are met', both, 'SF', 2, toomany],
  ['success where only that limit is met', both, 'SS', 3, enough],
  ['completion.allCompleted', completion.allCompleted, 'FFF', 3, all],
  ['completion.allSuccessful', completion.allSuccessful, 'SF', 3, toomany],
  ['completion.firstSuccessful', completion.firstSuccessful, 'FFS', 4, enough],
  ['completion.firstSuccessful, none of them', completion.firstSuccessful, 'FF', 2, all],
]

describe('the reason why a fan-out is over', () => {
  for (const [circumstances, rule, ends, total, reason] of table) {
    it(`is ${reason ?? 'none yet'}: ${circumstances}`, () => {
      const before = new Array<undefined>(ends.length - 1).fill(undefined)

      expect(reasons(ends, total, rule)).to.deep.equal([...before, reason])
    })
  }

  it('is what a completion function says before anything else', () => {
    const rule: Completion = ({ failureCount }) => (failureCount > 0 ? 'succeed' : 'continue')
    expect(reasons('SF', 2, rule)).to.deep.equal([undefined, 'CUSTOM_COMPLETION_SUCCEEDED'])
    expect(reasons('S', 1, () => 'fail')).to.deep.equal(['CUSTOM_COMPLETION_FAILED'])
  })

  it('is the end of all items where a completion function goes on, failures or not', () => {
    expect(reasons('FFS', 3, () => 'continue')).to.deep.equal([undefined, undefined, all])
  })

  it('is asked of a completion function with all that has ended so far', () => {
    const states: CompletionState[] = []
    const tally = new Tally(named(['a', undefined, 'c']), (state) => {
      states.push(state)
      return 'continue'
    })
    tally.start(2)
    tally.end(2, succeeded('x'))
    tally.end(0, failed(new Error('boom')))

    expect(states).to.deep.equal([
      {
        totalCount: 3,
        successCount: 1,
        failureCount: 0,
        completedCount: 1,
        items: [
          { index: 0, name: 'a' },
          { index: 1 },
          { index: 2, name: 'c', status: 'SUCCEEDED' },
        ],
      },
      {
        totalCount: 3,
        successCount: 1,
        failureCount: 1,
        completedCount: 2,
        items: [
          { index: 0, name: 'a', status: 'FAILED' },
          { index: 1 },
          { index: 2, name: 'c', status: 'SUCCEEDED' },
        ],
      },
    ])
  })

  it('is refused of a completion function that answers anything else', () => {
    for (const [answer, words] of [
      ['stop', '"stop" (string)'],
      [undefined, 'undefined'],
    ]) {
      expect(refusal(() => reasons('S', 2, (() => answer) as never))).to.deep.equal({
        code: 'INVALID_OPTION',
        message:
          "Expected `completion` to be a function that answers 'continue', 'succeed' or 'fail', " +
          `got ${words}.`,
      })
    }
  })

  it('is there when all items have ended, and follows from the counts alone', () => {
    const limit = fc.option(fc.nat(6), { nil: undefined })
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('S', 'F'), { minLength: 1, maxLength: 8 }),
        limit,
        limit,
        fc.option(fc.nat(100), { nil: undefined }),
        (ends, least, count, share) => {
          const rule = {
            minSuccessful: least === undefined ? undefined : least + 1,
            toleratedFailureCount: count,
            toleratedFailurePercentage: share,
          }
          const given = reasons(ends.join(''), ends.length, rule)
          const turned = reasons([...ends].reverse().join(''), ends.length, rule)

          expect(given.at(-1)).to.be.oneOf([all, toomany])
          expect(turned.at(-1)).to.equal(given.at(-1))
        },
      ),
    )
  })
})

describe('the batch that a tally makes', () => {
  it('holds what has started, in its order, whatever ended first', () => {
    const tally = new Tally(named(['a', undefined, 'c', 'd']), completion.allCompleted)
    const error = new Error('boom')
    tally.start(2)
    tally.end(2, failed(error))
    tally.end(0, succeeded(undefined))

    expect(tally.record('ALL_COMPLETED')).to.deep.equal({
      all: [
        { index: 0, name: 'a', status: 'SUCCEEDED', result: undefined },
        { index: 1, status: 'STARTED' },
        { index: 2, name: 'c', status: 'FAILED', error },
      ],
      completionReason: 'ALL_COMPLETED',
    })
  })

  it('notes ends that have no say any longer', () => {
    const tally = new Tally(named(['a', 'b']), () => 'fail')
    tally.start(1)
    tally.end(0, succeeded(1))
    tally.note(1, succeeded(2))

    expect(tally.record('CUSTOM_COMPLETION_FAILED').all.map(({ status }) => status)).to.deep.equal([
      'SUCCEEDED',
      'SUCCEEDED',
    ])
  })
})
