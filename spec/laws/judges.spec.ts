import { expect } from 'chai'
import { failed, succeeded } from '../../lib/kernel/settled.ts'
import {
  answered,
  began,
  invocation,
  returned,
  saw,
  sent,
  told,
  update,
} from './support/entries.ts'
import { judgeAttempts } from './support/judge-attempts.ts'
import { judgeDurableFirst } from './support/judge-durable-first.ts'
import { judgeEndings } from './support/judge-endings.ts'
import { judgeOrder } from './support/judge-order.ts'
import { judgePending } from './support/judge-pending.ts'
import { judgePositions } from './support/judge-positions.ts'
import { judgeReplay } from './support/judge-replay.ts'
import { judgeRequests } from './support/judge-requests.ts'
import { judgeSilence } from './support/judge-silence.ts'
import type { Body, Entry } from './support/transcript.ts'

// A judge that finds no fault proves nothing until it has found some: each is shown a transcript of an
// engine that breaks its law, beside the same of one that keeps it.

describe('the judge of law 1', () => {
  const operations = new Map([
    [
      '1',
      {
        id: '1',
        type: 'STEP',
        subType: 'Step',
        name: 'charge',
        parentId: undefined,
        isAtMostOnce: false,
      },
    ],
  ])

  it('knows an operation at its place', () => {
    const charge = update('START STEP 1', { SubType: 'Step', Name: 'charge' })

    expect(judgePositions([sent(1, 't0', charge)], operations)).to.deep.equal([])
  })

  it('catches an operation under the id of another, as when ids count by time', () => {
    const ship = update('START STEP 1', { SubType: 'Step', Name: 'ship' })

    expect(judgePositions([sent(1, 't0', ship)], operations)).to.have.length(1)
  })

  it('catches an id that stands for no place', () => {
    expect(judgePositions([sent(1, 't0', 'START WAIT 2')], operations)).to.have.length(1)
  })
})

describe('the judge of law 2', () => {
  const places = new Map([
    ['/0', '1'],
    ['/1:made', '1'],
  ])
  const judge = (mode: 'batched' | 'eager' | 'optimistic', ...entries: readonly Entry[]) =>
    judgeDurableFirst(entries, { mode, places })
  const run = [sent(1, 't0', 'START STEP 1'), answered(1, 't1'), saw('/0')]
  const closed = [sent(2, 't1', 'SUCCEED STEP 1', 'START STEP 2'), answered(2, 't2')]

  it('lets a body begin when the result before it is acknowledged', () => {
    expect(judge('batched', ...run, ...closed, began('2')).faults).to.deep.equal([])
  })

  it('catches a body that does not wait for the acknowledgement', () => {
    const { faults } = judge('batched', ...run, began('2'), ...closed)

    expect(faults).to.deep.equal(['invocation 1: the body of 2 begins before 1 is durable'])
  })

  it('allows that to at-least-once bodies in optimistic mode, and counts them', () => {
    const verdict = judge('optimistic', ...run, began('2'), ...closed)

    expect(verdict).to.deep.equal({ faults: [], hasty: 1 })
  })

  it('catches an at-most-once body in optimistic mode all the same', () => {
    const body = began('2', { semantics: 'at-most-once' })

    expect(judge('optimistic', ...run, body).faults).to.have.length(2)
  })

  it('catches an at-most-once body whose own START is not acknowledged', () => {
    const body = began('1', { semantics: 'at-most-once' })

    expect(judge('batched', sent(1, 't0', 'START STEP 1'), body).faults).to.have.length(1)
  })

  it('catches a wait that is sent before the result that the workflow saw', () => {
    const { faults } = judge('batched', ...run, sent(2, 't1', 'START WAIT 2'))

    expect(faults).to.have.length(1)
  })

  it('lets a wait share the call that makes the result durable', () => {
    const { faults } = judge('batched', ...run, sent(2, 't1', 'SUCCEED STEP 1', 'START WAIT 2'))

    expect(faults).to.deep.equal([])
  })

  it('catches an eager workflow that goes on before its result is durable', () => {
    expect(judge('eager', ...run).faults).to.have.length(1)
  })

  it('catches a submitter that begins before its callback is known', () => {
    const submit = began('1-2', { kind: 'submit' })
    const start = sent(1, 't0', 'START CONTEXT 1', 'START CALLBACK 1-1')

    expect(judge('batched', start, submit).faults).to.have.length(1)
    expect(judge('batched', start, answered(1, 't1'), submit).faults).to.deep.equal([])
  })

  it('does not count as durable what a call that was refused had carried', () => {
    const refused: Entry = {
      invocation,
      what: 'refused',
      call: 2,
      name: 'TooManyRequestsException',
      message: 'Rate exceeded',
      isPlanned: true,
    }
    const lost = [sent(2, 't1', 'SUCCEED STEP 1', 'START STEP 2'), refused]

    expect(judge('batched', ...run, ...lost, began('2')).faults).to.have.length(1)
  })
})

describe('the judge of law 3', () => {
  it('catches a yield that gives another value, or another error, in a later invocation', () => {
    const later = (outcome: ReturnType<typeof succeeded>): Entry => ({
      invocation: 2,
      what: 'saw',
      place: '/0',
      outcome,
    })

    expect(judgeReplay([saw('/0', { a: 1 }), later(succeeded({ a: 1 }))])).to.deep.equal([])
    expect(judgeReplay([saw('/0', { a: 1 }), later(succeeded({ a: 2 }))])).to.have.length(1)
    expect(judgeReplay([saw('/0', { a: undefined }), later(succeeded({}))])).to.have.length(1)
  })

  it('tells errors by their class, message, fields and causes', () => {
    const threw = (error: unknown): Entry => {
      return { invocation, what: 'saw', place: '/0', outcome: failed(error) }
    }
    const declined = new Error('declined', { cause: new RangeError('limit') })

    expect(
      judgeReplay([
        threw(declined),
        threw(new Error('declined', { cause: new RangeError('limit') })),
      ]),
    ).to.deep.equal([])
    expect(judgeReplay([threw(declined), threw(new Error('declined'))])).to.have.length(1)
    expect(judgeReplay([threw(declined), threw(new RangeError('declined'))])).to.have.length(1)
  })
})

describe('the judge of law 4', () => {
  const cleansUp = (isThrough: boolean): Entry => {
    return { invocation, what: 'cleansUp', place: '/0', isThrough }
  }

  it('lets a finally run when its block is through', () => {
    expect(judgeSilence([cleansUp(true), returned('PENDING')])).to.deep.equal([])
  })

  it('catches a finally that runs because the generator was ended at its yield', () => {
    expect(judgeSilence([cleansUp(false), returned('PENDING')])).to.have.length(1)
  })

  it('catches a body, or code between yields, that runs after the answer', () => {
    expect(judgeSilence([returned('PENDING'), began('1')])).to.have.length(1)
    expect(judgeSilence([returned('PENDING'), saw('/0')])).to.have.length(1)
    expect(judgeSilence([returned('PENDING'), cleansUp(true)])).to.have.length(1)
  })
})

describe('the judge of law 6', () => {
  const once: Partial<Body> = { semantics: 'at-most-once' }
  const inNext = (entry: Entry): Entry => ({ ...entry, invocation: 2 })

  it('lets an at-least-once body begin again in the next invocation, and not before', () => {
    expect(judgeAttempts([began('1'), inNext(began('1'))])).to.deep.equal([])
    expect(judgeAttempts([began('1'), began('1')])).to.have.length(1)
  })

  it('catches an at-most-once body that begins twice for one attempt, wherever', () => {
    expect(judgeAttempts([began('1', once), inNext(began('1', once))])).to.have.length(1)
    expect(
      judgeAttempts([began('1', once), inNext(began('1', { ...once, attempt: 2 }))]),
    ).to.deep.equal([])
  })
})

describe('the judge of law 7', () => {
  const child = update('START STEP 1-1', { ParentId: '1' })

  it('finds no fault with calls in order, tokens chained', () => {
    const entries = [
      sent(1, 't0', 'START CONTEXT 1', child),
      answered(1, 't1'),
      sent(2, 't1', update('SUCCEED STEP 1-1', { ParentId: '1' }), 'SUCCEED CONTEXT 1'),
      answered(2, 't2'),
      sent(3, 't2', 'START STEP 2', 'RETRY STEP 2', 'SUCCEED EXECUTION end'),
    ]

    expect(judgeOrder(entries)).to.deep.equal([])
  })

  const bad: readonly { readonly what: string; readonly entries: readonly Entry[] }[] = [
    { what: 'a child before its parent', entries: [sent(1, 't0', child, 'START CONTEXT 1')] },
    {
      what: 'a child after the end of its parent',
      entries: [told('CONTEXT 1 SUCCEEDED'), sent(1, 't0', child)],
    },
    { what: 'an end without a START', entries: [sent(1, 't0', 'SUCCEED STEP 1')] },
    {
      what: 'an update of what has ended, as when a RETRY was dropped',
      entries: [told('STEP 1 FAILED'), sent(1, 't0', 'START STEP 1')],
    },
    {
      what: 'two ends of one operation in a call',
      entries: [told('STEP 1 STARTED'), sent(1, 't0', 'RETRY STEP 1', 'SUCCEED STEP 1')],
    },
    {
      what: 'the execution ending before something else',
      entries: [sent(1, 't0', 'SUCCEED EXECUTION end', 'START STEP 1')],
    },
    {
      what: 'a second call while one is in flight',
      entries: [sent(1, 't0', 'START STEP 1'), sent(2, 't0', 'START STEP 2')],
    },
    {
      what: 'a token that is not the newest',
      entries: [sent(1, 't0', 'START STEP 1'), answered(1, 't1'), sent(2, 't0', 'START STEP 2')],
    },
    {
      what: 'too many updates',
      entries: [sent(1, 't0', ...Array.from({ length: 251 }, (_, i) => `START STEP ${i + 1}`))],
    },
    {
      what: 'too many bytes',
      entries: [
        sent(
          1,
          't0',
          'START STEP 1',
          update('SUCCEED STEP 1', { Payload: 'x'.repeat(750 * 1024) }),
        ),
      ],
    },
  ]
  for (const { what, entries } of bad) {
    it(`catches ${what}`, () => {
      expect(judgeOrder(entries)).to.have.length(1)
    })
  }
})

describe('the judge of endings', () => {
  const invoked: Entry = { invocation, what: 'invoked' }

  it('catches an invocation that never comes to an end', () => {
    expect(judgeEndings([invoked, returned('PENDING')])).to.deep.equal([])
    expect(judgeEndings([invoked, { invocation, what: 'crashed' }])).to.deep.equal([])
    expect(judgeEndings([invoked])).to.have.length(1)
  })

  it('catches one that goes on when its token was taken away', () => {
    const halted = [invoked, sent(1, 't0', 'START STEP 1'), answered(1)]

    expect(judgeEndings([...halted, returned('PENDING')])).to.deep.equal([])
    expect(judgeEndings([...halted, began('1'), returned('PENDING')])).to.have.length(1)
    expect(
      judgeEndings([...halted, sent(2, 't0', 'SUCCEED STEP 1'), returned('PENDING')]),
    ).to.have.length(1)
  })
})

describe('the judge of law 8', () => {
  it('believes PENDING while a wait, a callback, an invoke or a retry is open', () => {
    for (const one of ['WAIT 1 STARTED', 'CALLBACK 1 STARTED', 'STEP 1 PENDING']) {
      expect(judgePending([returned('PENDING', one)])).to.deep.equal([])
    }
  })

  it('believes PENDING where the service moved on before the answer came', () => {
    const entries = [told('WAIT 1 STARTED'), returned('PENDING', 'WAIT 1 SUCCEEDED')]

    expect(judgePending(entries)).to.deep.equal([])
  })

  it('catches PENDING when nothing moves without the handler', () => {
    expect(judgePending([returned('PENDING', 'STEP 1 STARTED')])).to.have.length(1)
    expect(judgePending([returned('PENDING', 'STEP 1 READY')])).to.have.length(1)
    expect(
      judgePending([told('WAIT 1 SUCCEEDED'), returned('PENDING', 'WAIT 1 SUCCEEDED')]),
    ).to.have.length(1)
  })
})

describe('the judge of requests', () => {
  const refused = (message: string): Entry => ({
    invocation,
    what: 'refused',
    call: 1,
    name: 'InvalidParameterValueException',
    message,
    isPlanned: false,
  })

  it('catches a request that the service refuses', () => {
    const entries = [refused('Invalid current STEP state to close.')]

    expect(judgeRequests(entries, { isDoubled: true })).to.have.length(1)
  })

  it('catches a stale token, but for the dead and the doubled', () => {
    const stale = refused('Invalid checkpoint token')

    expect(judgeRequests([stale], { isDoubled: false })).to.have.length(1)
    expect(judgeRequests([stale], { isDoubled: true })).to.deep.equal([])
    expect(
      judgeRequests([{ invocation, what: 'crashed' }, stale], { isDoubled: false }),
    ).to.deep.equal([])
  })
})
