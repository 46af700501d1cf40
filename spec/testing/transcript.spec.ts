import { expect } from 'chai'
import { Position } from '../../lib/driver/position.ts'
import { failed, succeeded } from '../../lib/kernel/settled.ts'
import { race } from '../../lib/operations/race.ts'
import { step } from '../../lib/operations/step.ts'
import { wait } from '../../lib/operations/wait.ts'
import type { Descriptor } from '../../lib/operations/operation.ts'
import { formatInvocation, transcribe } from '../../lib/testing/transcript.ts'

const at = Date.UTC(2026, 4, 7, 9, 30)
const charge = new Position('1', undefined, { type: 'STEP', subType: 'Step' }, 'charge')
const pause = new Position('2', undefined, { type: 'WAIT', subType: 'Wait' }, undefined)
const chargeStep = step('charge', () => 1) as unknown as Descriptor<unknown>
const pauseWait = wait('1d') as unknown as Descriptor<unknown>

describe('a transcript', () => {
  it('tells what an invocation did, replayed operations first and in one line', () => {
    const { transcript, observer, log } = transcribe(3, at)
    observer.met?.(chargeStep, charge, 'answered')
    log.info('charged')
    log.warn('it is late')
    observer.met?.(pauseWait, pause, 'answered')

    expect(formatInvocation(transcript)).to.deep.equal([
      'invocation 3 at 2026-05-07 09:30:00',
      '  replayed   1 step "charge", 2 wait',
      '  said       charged',
      '  said       warn: it is late',
    ])
  })

  it('tells of a step by its attempts', () => {
    const { transcript, observer } = transcribe(1, at)
    observer.met?.(chargeStep, charge, 'new')
    observer.attempted?.(charge, 1, failed(new Error('away')))
    observer.attempted?.(charge, 2, failed('gone'))
    observer.attempted?.(charge, 3, succeeded(1))

    expect(formatInvocation(transcript).slice(1)).to.deep.equal([
      '  ran        1 step "charge", failed: away',
      '  ran        1 step "charge", attempt 2, failed: gone',
      '  ran        1 step "charge", attempt 3',
    ])
  })

  it('tells what is new, what was taken up again, and what it waits for', () => {
    const { transcript, observer } = transcribe(1, at)
    observer.met?.(chargeStep, charge, 'open')
    observer.met?.(pauseWait, pause, 'new')
    observer.suspended?.([
      { id: '2', words: 'wait', until: at + 86_400_000 },
      { id: '3', words: 'callback "approve"', until: undefined },
    ])

    expect(formatInvocation(transcript).slice(1)).to.deep.equal([
      '  went on    1 step "charge"',
      '  started    2 wait',
      '  suspended  for 2 wait until 2026-05-08 09:30:00, 3 callback "approve"',
    ])
  })

  describe('of a race, which has no record of having begun', () => {
    const duel = race([step('charge', () => 1), wait('1d')])
    const outer = new Position('1', undefined, { type: 'CONTEXT', subType: 'Race' }, 'duel')
    const inner = new Position('1-1-1', undefined, { type: 'STEP', subType: 'Step' }, 'charge')
    const other = new Position('1-2-1', undefined, { type: 'WAIT', subType: 'Wait' }, undefined)

    it('tells that it has begun, once, where its first member is new', () => {
      const { transcript, observer } = transcribe(1, at)
      observer.met?.(duel as unknown as Descriptor<unknown>, outer, 'new')
      observer.met?.(chargeStep, inner, 'new')
      observer.met?.(pauseWait, other, 'new')
      observer.attempted?.(inner, 1, succeeded(1))

      expect(formatInvocation(transcript).slice(1)).to.deep.equal([
        '  started    1 race',
        '  started    1-2-1 wait',
        '  ran        1-1-1 step "charge"',
      ])
    })

    it('tells nothing of it where its first member was begun before', () => {
      const { transcript, observer } = transcribe(2, at)
      observer.met?.(duel as unknown as Descriptor<unknown>, outer, 'new')
      observer.met?.(chargeStep, inner, 'answered')
      observer.met?.(pauseWait, other, 'open')

      expect(formatInvocation(transcript).slice(1)).to.deep.equal([
        '  replayed   1-1-1 step "charge"',
        '  went on    1-2-1 wait',
      ])
    })

    it('tells of one on record among what was replayed', () => {
      const { transcript, observer } = transcribe(2, at)
      observer.met?.(duel as unknown as Descriptor<unknown>, outer, 'answered')

      expect(formatInvocation(transcript).slice(1)).to.deep.equal(['  replayed   1 race'])
    })
  })

  it('tells what was cancelled: a wait by what is sent, a body as it is left', () => {
    const { transcript, observer, sent, died } = transcribe(1, at)
    observer.attempting?.(charge, 1)
    observer.dropped?.(charge, 1)
    sent([pause.update('CANCEL'), charge.update('START')])
    died(new Error('Runtime exited'))

    expect(formatInvocation(transcript).slice(1)).to.deep.equal([
      '  cancelled  1 step "charge"',
      '  cancelled  2 wait',
      '  died       Runtime exited',
    ])
  })

  it('tells of a hand-over by its words alone', () => {
    const { transcript, observer } = transcribe(1, at)
    observer.suspended?.([{ id: '', words: 'the next invocation', until: undefined }])

    expect(formatInvocation(transcript).slice(1)).to.deep.equal([
      '  suspended  for the next invocation',
    ])
  })

  it('passes over operations that take no number', () => {
    const { transcript, observer } = transcribe(1, at)
    observer.met?.(pauseWait, undefined, 'new')

    expect(transcript.entries).to.deep.equal([])
  })

  it('tells what an invocation died of, and in which bodies, without the request', () => {
    const { transcript, observer, died } = transcribe(1, at)
    observer.attempting?.(charge, 1)
    observer.attempting?.(pause, 1)
    observer.attempted?.(pause, 1, succeeded(1))
    died(new Error('RequestId: 1f2e-77 Error: Runtime exited'))

    expect(formatInvocation(transcript).at(-1)).to.equal(
      '  died       in 1 step "charge": Runtime exited',
    )
  })

  it('tells a death outside of every body by its reason alone', () => {
    const { transcript, died } = transcribe(1, at)
    died(new TypeError('no handler'))

    expect(formatInvocation(transcript).at(-1)).to.equal('  died       no handler')
  })

  it('tells a wanted crash once', () => {
    const { transcript, died } = transcribe(1, at)
    transcript.entries.push({ what: 'crashed', id: '1', words: 'step "charge"' })
    died(new Error('killed'))

    expect(formatInvocation(transcript).slice(1)).to.deep.equal([
      '  crashed    when 1 step "charge" was done and not yet recorded',
    ])
  })
})
