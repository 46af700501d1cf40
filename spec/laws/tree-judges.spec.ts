import { expect } from 'chai'
import type { OperationRecord } from '../../lib/journal/record.ts'
import { nextTurn } from '../../lib/kernel/clock.ts'
import { Crowd } from './support/crowd.ts'
import {
  answered,
  began,
  cleansUp,
  enters,
  invocation,
  kept,
  record,
  returned,
  saw,
  sent,
  told,
  update,
} from './support/entries.ts'
import { judgeDurableFirst } from './support/judge-durable-first.ts'
import type { Entry } from './support/transcript.ts'
import { judgePlaces } from './support/trees/judge-places.ts'
import { judgeRevivals } from './support/trees/judge-revivals.ts'
import { judgeAfterlife, judgeScopes, judgeWaits } from './support/trees/judge-scopes.ts'
import { judgeSights } from './support/trees/judge-sights.ts'
import { judgeUndoing } from './support/trees/judge-undoing.ts'
import type { StepNode, Tree, Undo } from './support/trees/nodes.ts'
import { isBefore, isWithin } from './support/trees/order-of-places.ts'

// As in `judges.spec.ts`: a judge of trees is shown what it is there to find, beside what it must not.

const inNext = (entry: Entry): Entry => ({ ...entry, invocation: 2 })

describe('places of a tree', () => {
  it('stand before each other step by step, and in no order beside each other', () => {
    expect(isBefore('p.0/1.2', 'p.1')).to.equal(true)
    expect(isBefore('p.0/1.0', 'p.0/1.1/0.0')).to.equal(true)
    expect(isBefore('p.9', 'p.10')).to.equal(true)
    expect(isBefore('p.1', 'p.0')).to.equal(false)
    expect(isBefore('p.0/0.0', 'p.0/1.1')).to.equal(false)
    expect(isBefore('p~0.0', 'p.1')).to.equal(false)
    expect(isBefore('p.0', 'p.0/1')).to.equal(false)
  })

  it('lie within what they are written below of, tasks included', () => {
    expect(isWithin('p.0/1.2', 'p.0')).to.equal(true)
    expect(isWithin('p.0/1~2.0', 'p.0/1')).to.equal(true)
    expect(isWithin('p.01', 'p.0')).to.equal(false)
    expect(isWithin('p.0', 'p.0')).to.equal(false)
  })
})

describe('a crowd of bodies', () => {
  /** The order in which three end that began together. */
  async function ends(seed: number): Promise<string> {
    const crowd = new Crowd(seed)
    let ended = ''
    const wait = async (name: string): Promise<void> => {
      await crowd.wait()
      ended += name
    }
    const all = ['a', 'b', 'c'].map(wait)
    while (ended.length < all.length) {
      if (!crowd.isEmpty) crowd.release()
      await new Promise<void>(nextTurn)
    }
    return ended
  }

  it('ends in any order, and by the same seed in the same', async () => {
    const seeds = Array.from({ length: 100 }, (_, seed) => seed)
    const orders = await Promise.all(seeds.map(ends))

    expect([...new Set(orders)].sort()).to.deep.equal(['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
    expect(await Promise.all(seeds.map(ends))).to.deep.equal(orders)
  })
})

describe('the judge of places', () => {
  const at = (text: string, Name: string) => update(text, { SubType: 'Step', Name })

  it('knows an operation at its place again, in this run and in another', () => {
    const run = [
      sent(1, 't0', at('START STEP 1', 'p.0')),
      sent(2, 't1', at('SUCCEED STEP 1', 'p.0')),
    ]

    expect(judgePlaces(run, run)).to.deep.equal([])
  })

  it('catches an id that stands for two places, as when ids count by time', () => {
    const one = [sent(1, 't0', at('START STEP 1', 'p.0/0.0'))]
    const other = [sent(1, 't0', at('START STEP 1', 'p.0/1.0'))]

    expect(judgePlaces(one, other)).to.have.length(1)
  })

  it('catches a place that has two ids', () => {
    const one = [sent(1, 't0', at('START STEP 1-1', 'p.0/0.0'))]

    expect(judgePlaces(one, [sent(1, 't0', at('START STEP 1-2', 'p.0/0.0'))])).to.have.length(1)
  })

  it('lets a step be undone by whichever saga around it fails', () => {
    const undone = (ParentId?: string) => {
      const rest = { SubType: 'Compensation', Name: 'p.0', ...(ParentId ? { ParentId } : {}) }
      return [sent(1, 't0', update('START STEP c-1', rest))]
    }

    expect(judgePlaces(undone(), undone('1'))).to.deep.equal([])
  })
})

describe('the judge of scopes', () => {
  it('lets what the service does by itself come after the end of a scope', () => {
    const { events } = kept('SUCCEEDED', [
      'ContextStarted 1',
      'WaitStarted 1-1',
      'CallbackStarted 1-2',
      'ContextSucceeded 1',
      'WaitSucceeded 1-1',
      'CallbackTimedOut 1-2',
    ])

    expect(judgeScopes({ events })).to.deep.equal([])
  })

  for (const late of ['StepSucceeded 1-1', 'StepStarted 1-2-1', 'WaitCancelled 1-3']) {
    it(`catches ${late.split(' ')[0]} below a context that has ended`, () => {
      const { events } = kept('SUCCEEDED', ['ContextStarted 1', 'ContextFailed 1', late])

      expect(judgeScopes({ events })).to.have.length(1)
    })
  }

  it('catches a wait that outlasts the execution', () => {
    const left = kept('SUCCEEDED', [], ['WAIT 1 CANCELLED', 'WAIT 2 STARTED', 'STEP 3 STARTED'])

    expect(judgeWaits(left)).to.deep.equal(['the wait 2 outlasts the execution'])
  })
})

describe('the judge of the afterlife', () => {
  const step = (place: string) => began('1-1', { place })

  it('finds no fault with members that begin, and are cleaned up, before the end', () => {
    const entries = [
      enters('p.0/0'),
      enters('p.0/1'),
      step('p.0/0.0'),
      saw('p.0/0.0'),
      cleansUp('p.0/0'),
      cleansUp('p.0/1'),
      saw('p.0'),
      step('p.1'),
      returned('SUCCEEDED'),
    ]

    expect(judgeAfterlife(entries)).to.deep.equal([])
  })

  it('lets a task go on when the body around it is through, until that has ended', () => {
    const entries = [
      enters('p.0/0'),
      enters('p.0/0~0'),
      cleansUp('p.0/0'),
      step('p.0/0~0.0'),
      cleansUp('p.0/0~0'),
      saw('p.0'),
    ]

    expect(judgeAfterlife(entries)).to.deep.equal([])
  })

  const bad: Readonly<Record<string, readonly Entry[]>> = {
    'a body of a member that begins after the end': [saw('p.0'), step('p.0/1.0')],
    'a body of a task that begins after it was cancelled': [saw('p~0'), step('p~0.1')],
    'a member that is entered after the end': [saw('p.0'), enters('p.0/1')],
    'code of a member that goes on after the end': [saw('p.0'), saw('p.0/1.0')],
    'code that goes on when its body has been cleaned up': [
      enters('p.0/0'),
      cleansUp('p.0/0'),
      saw('p.0/0.1'),
    ],
    'a loser that is not cleaned up': [enters('p.0/0'), saw('p.0')],
    'a body that is cleaned up twice': [enters('p.0/0'), cleansUp('p.0/0'), cleansUp('p.0/0')],
    'a task that outlives the workflow': [enters('p~0'), returned('SUCCEEDED')],
    'a body that begins below a context that is known to have ended': [
      told('CONTEXT 1 SUCCEEDED'),
      began('1-1'),
    ],
  }
  for (const [what, entries] of Object.entries(bad)) {
    it(`catches ${what}`, () => {
      expect(judgeAfterlife(entries)).to.have.length(1)
    })
  }
})

describe('the judge of revivals', () => {
  const over = [saw('p.0'), returned('PENDING')]

  it('lets the next invocation go on behind what was over', () => {
    expect(judgeRevivals([...over, inNext(began('2', { place: 'p.1' }))])).to.deep.equal([])
  })

  it('lets it do again what was over in one that died, or was superseded', () => {
    const again = inNext(began('1-1', { place: 'p.0/0.0' }))

    expect(judgeRevivals([saw('p.0'), again])).to.deep.equal([])
    expect(judgeRevivals([answered(1), ...over, again])).to.deep.equal([])
  })

  it('catches a body in there that begins, and whatever is said of it', () => {
    const retry = update('RETRY STEP 1-1', { Name: 'p.0/0.0' })

    expect(judgeRevivals([...over, inNext(began('1-1', { place: 'p.0/0.0' }))])).to.have.length(1)
    expect(judgeRevivals([...over, inNext(sent(2, 't1', retry))])).to.have.length(1)
  })
})

describe('the judge of sights', () => {
  const other = inNext(saw('p.0', 2))

  it('catches a value that is another in a later invocation', () => {
    expect(judgeSights([saw('p.0', 1), returned('PENDING'), other])).to.have.length(1)
    expect(judgeSights([saw('p.0', 2), returned('PENDING'), other])).to.deep.equal([])
  })

  it('lets go what was seen by an invocation that died or was superseded', () => {
    expect(judgeSights([saw('p.0', 1), other])).to.deep.equal([])
    expect(judgeSights([answered(1), saw('p.0', 1), returned('PENDING'), other])).to.deep.equal([])
  })

  it('does not ask a second delivery that was refused', () => {
    const entries = [saw('p.0', 1), returned('PENDING'), other]

    expect(judgeSights(entries, { isDoubled: true })).to.deep.equal([])
    expect(
      judgeSights([...entries, inNext(returned('PENDING'))], { isDoubled: true }),
    ).to.have.length(1)
  })
})

describe('the judge of undoing', () => {
  const undoable = (undo: Undo | undefined): StepNode => {
    return { kind: 'step', pace: 0, semantics: 'at-least-once', fails: 0, tries: 1, undo }
  }
  const tree: Tree = {
    nodes: [undoable('works'), undoable('fails'), undoable(undefined)],
    ends: 'returns',
    asksInVain: false,
  }
  const step = (text: string, Name: string) => record(text, { SubType: 'Step', Name } as const)
  const undone = (text: string) => record(text, { SubType: 'Compensation' })
  const done: readonly OperationRecord[] = [
    step('STEP 1 SUCCEEDED', 'p.0'),
    step('STEP 2 SUCCEEDED', 'p.1'),
    step('STEP 3 SUCCEEDED', 'p.2'),
  ]
  const both = [undone('STEP c-2 FAILED'), undone('STEP c-1 SUCCEEDED')]
  const doing = ['StepSucceeded 1', 'StepSucceeded 2', 'StepSucceeded 3']
  const undoing = ['StepStarted c-2', 'StepFailed c-2', 'StepStarted c-1', 'StepSucceeded c-1']

  it('finds no fault where all that can be undone is, the later first, or nothing is', () => {
    const failed = kept('FAILED', [...doing, ...undoing], [...done, ...both])

    expect(judgeUndoing(failed, tree)).to.deep.equal([])
    expect(judgeUndoing(kept('SUCCEEDED', doing, done), tree)).to.deep.equal([])
  })

  it('catches a step that is not undone when the workflow has failed', () => {
    const run = kept('FAILED', [...doing, ...undoing.slice(0, 2)], [...done, ...both.slice(0, 1)])

    expect(judgeUndoing(run, tree)).to.have.length(1)
  })

  it('catches an undoing that is left in the middle', () => {
    const left = [...both.slice(0, 1), undone('STEP c-1 READY')]

    expect(
      judgeUndoing(kept('FAILED', [...doing, ...undoing], [...done, ...left]), tree),
    ).to.have.length(1)
  })

  it('catches a step that is undone though nothing has failed', () => {
    const run = kept('SUCCEEDED', [...doing, ...undoing], [...done, ...both])

    expect(judgeUndoing(run, tree)).to.have.length(2)
  })

  it('catches the earlier of two undone before the later', () => {
    const events = [...doing, ...undoing.slice(2), ...undoing.slice(0, 2)]

    expect(judgeUndoing(kept('FAILED', events, [...done, ...both]), tree)).to.have.length(1)
  })

  it('catches a step undone that was not done', () => {
    const records = [step('STEP 1 STARTED', 'p.0'), both[1] as OperationRecord]

    expect(judgeUndoing(kept('FAILED', undoing.slice(2), records), tree)).to.have.length(1)
  })

  for (const status of ['FAILED', 'STARTED']) {
    it(`asks for the steps of a saga that is left ${status}, and of no other`, () => {
      const inSaga: Tree = { ...tree, nodes: [{ kind: 'saga', nodes: tree.nodes, virtual: false }] }
      const records = [
        record(`CONTEXT 1 ${status}`, { SubType: 'Saga' }),
        step('STEP 1-1 SUCCEEDED', 'p.0/0.0'),
        record('CONTEXT 2 SUCCEEDED', { SubType: 'Saga' }),
        step('STEP 2-1 SUCCEEDED', 'p.0/0.1'),
      ]

      expect(judgeUndoing(kept('SUCCEEDED', [], records), inSaga)).to.have.length(1)
    })
  }
})

describe('the judge of law 2, where several strands run', () => {
  const ground = {
    mode: 'batched' as const,
    places: new Map([['p.0', '1']]),
    mayMatter: (seen: string, place: string) => seen === place || isBefore(seen, place),
  }
  const seen = [sent(1, 't0', 'START STEP 1'), answered(1, 't1'), saw('p.0')]

  it('holds a body against what was seen before it, and not beside it', () => {
    const body = (place: string): Entry => ({ ...began('2', { place }), invocation })

    expect(judgeDurableFirst([...seen, body('p.1')], ground).faults).to.have.length(1)
    expect(judgeDurableFirst([...seen, body('p~0.0')], ground).faults).to.deep.equal([])
  })
})
