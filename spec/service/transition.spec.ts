import { expect } from 'chai'
import {
  operationStatuses,
  operationTypes,
  type OperationRecord,
  type OperationStatus,
  type OperationType,
} from '../../lib/journal/record.ts'
import {
  operationActions,
  type OperationAction,
  type OperationUpdate,
} from '../../lib/journal/update.ts'
import type { EventType } from '../../lib/service/history.ts'
import { Refusal } from '../../lib/service/refusal.ts'
import { elapsed, settled, transition, type Settlement } from '../../lib/service/transition.ts'
import { defaultServiceLimits } from '../../lib/service/service-limits.ts'
import { checkUpdates } from '../../lib/service/validation.ts'

const begun = 1_000
const now = 5_000

interface Row {
  type: OperationType
  from: OperationStatus | 'absent'
  action: OperationAction
  to: OperationStatus
  event: EventType
}

/** All that a handler's update may do; whatever is not in here is refused. */
const allowed: Row[] = [
  { type: 'CONTEXT', from: 'absent', action: 'START', to: 'STARTED', event: 'ContextStarted' },
  {
    type: 'CONTEXT',
    from: 'absent',
    action: 'SUCCEED',
    to: 'SUCCEEDED',
    event: 'ContextSucceeded',
  },
  {
    type: 'CONTEXT',
    from: 'STARTED',
    action: 'SUCCEED',
    to: 'SUCCEEDED',
    event: 'ContextSucceeded',
  },
  { type: 'CONTEXT', from: 'absent', action: 'FAIL', to: 'FAILED', event: 'ContextFailed' },
  { type: 'CONTEXT', from: 'STARTED', action: 'FAIL', to: 'FAILED', event: 'ContextFailed' },
  { type: 'STEP', from: 'absent', action: 'START', to: 'STARTED', event: 'StepStarted' },
  { type: 'STEP', from: 'READY', action: 'START', to: 'STARTED', event: 'StepStarted' },
  { type: 'STEP', from: 'absent', action: 'SUCCEED', to: 'SUCCEEDED', event: 'StepSucceeded' },
  { type: 'STEP', from: 'STARTED', action: 'SUCCEED', to: 'SUCCEEDED', event: 'StepSucceeded' },
  { type: 'STEP', from: 'READY', action: 'SUCCEED', to: 'SUCCEEDED', event: 'StepSucceeded' },
  { type: 'STEP', from: 'absent', action: 'FAIL', to: 'FAILED', event: 'StepFailed' },
  { type: 'STEP', from: 'STARTED', action: 'FAIL', to: 'FAILED', event: 'StepFailed' },
  { type: 'STEP', from: 'READY', action: 'FAIL', to: 'FAILED', event: 'StepFailed' },
  { type: 'STEP', from: 'absent', action: 'RETRY', to: 'PENDING', event: 'StepFailed' },
  { type: 'STEP', from: 'STARTED', action: 'RETRY', to: 'PENDING', event: 'StepFailed' },
  { type: 'STEP', from: 'READY', action: 'RETRY', to: 'PENDING', event: 'StepFailed' },
  { type: 'WAIT', from: 'absent', action: 'START', to: 'STARTED', event: 'WaitStarted' },
  { type: 'WAIT', from: 'STARTED', action: 'CANCEL', to: 'CANCELLED', event: 'WaitCancelled' },
  { type: 'CALLBACK', from: 'absent', action: 'START', to: 'STARTED', event: 'CallbackStarted' },
  {
    type: 'CHAINED_INVOKE',
    from: 'absent',
    action: 'START',
    to: 'STARTED',
    event: 'ChainedInvokeStarted',
  },
]

/** Why the others are refused, where the operation's state is the reason. */
const reasons: Partial<Record<OperationType, Partial<Record<OperationAction, string>>>> = {
  CONTEXT: {
    START: 'Cannot start a CONTEXT that already exist.',
    SUCCEED: 'Invalid current CONTEXT state to close.',
    FAIL: 'Invalid current CONTEXT state to close.',
  },
  STEP: {
    START: 'Invalid current STEP state to start.',
    SUCCEED: 'Invalid current STEP state to close.',
    FAIL: 'Invalid current STEP state to close.',
    RETRY: 'Invalid current STEP state to re-attempt.',
  },
  WAIT: {
    START: 'Cannot start a WAIT that already exist.',
    CANCEL: 'Cannot cancel a WAIT that does not exist or has already completed.',
  },
  CALLBACK: { START: 'Cannot start a CALLBACK that already exist.' },
  CHAINED_INVOKE: { START: 'Cannot start an INVOKE that already exist.' },
}

describe('a transition', () => {
  for (const type of operationTypes.filter((one) => one !== 'EXECUTION')) {
    for (const from of ['absent', ...operationStatuses] as const) {
      for (const action of operationActions) {
        const row = allowed.find(
          (one) => one.type === type && one.from === from && one.action === action,
        )
        const act = () => {
          const sent = update(type, action)
          checkUpdates([sent], defaultServiceLimits)
          return transition(from === 'absent' ? undefined : record(type, from), sent, { now })
        }
        if (row) {
          it(`takes ${action} of a ${type} from ${from} to ${row.to}`, () => {
            const { record: next, event } = act()
            expect(next.Status).to.equal(row.to)
            expect(event?.type).to.equal(row.event)
            expect(next.StartTimestamp).to.equal(from === 'absent' ? now : begun)
            expect(next.EndTimestamp).to.equal(isTerminal(row.to) ? now : undefined)
          })
        } else {
          const reason = reasons[type]?.[action] ?? 'Invalid action for the given operation type.'
          it(`refuses ${action} of a ${type} that is ${from}: ${reason}`, () => {
            expect(act).to.throw(Refusal, reason)
          })
        }
      }
    }
  }
})

describe('the attempts of a step', () => {
  const attemptsAfter = (...actions: OperationAction[]): (number | undefined)[] => {
    let current: OperationRecord | undefined
    return actions.map((action) => {
      const { record: next } = transition(current, update('STEP', action), { now })
      current = next.Type === 'STEP' && next.Status === 'PENDING' ? elapsed(next, now).record : next
      return current.Type === 'STEP' ? current.StepDetails?.Attempt : undefined
    })
  }

  it('count those that have ended', () => {
    expect(attemptsAfter('START', 'RETRY', 'START', 'SUCCEED')).to.deep.equal([0, 1, 1, 2])
    expect(attemptsAfter('START', 'RETRY', 'START', 'FAIL')).to.deep.equal([0, 1, 1, 2])
    expect(attemptsAfter('SUCCEED')).to.deep.equal([1])
  })

  it('are numbered in the event, with the delay only where another one follows', () => {
    const retried = transition(record('STEP', 'STARTED'), update('STEP', 'RETRY'), { now })
    expect(retried.event?.details).to.have.deep.property('RetryDetails', {
      CurrentAttempt: 1,
      NextAttemptDelaySeconds: 7,
    })
    const failed = transition(record('STEP', 'STARTED'), update('STEP', 'FAIL'), { now })
    expect(failed.event?.details).to.have.deep.property('RetryDetails', { CurrentAttempt: 1 })
  })
})

describe('a step that polls', () => {
  const again = { ...update('STEP', 'RETRY'), Payload: '{"n":1}', Error: undefined }

  it('hands its state to the next attempt, and shows each poll as a success', () => {
    const { record: pending, event } = transition(record('STEP', 'STARTED'), again, { now })
    expect(event?.type).to.equal('StepSucceeded')
    expect(event?.details).to.have.deep.property('Result', { Payload: '{"n":1}', Truncated: false })

    if (pending.Type !== 'STEP') throw new Error('expected a step')
    expect(pending.StepDetails?.NextAttemptTimestamp).to.equal(now + 7_000)
    const { record: ready, event: none } = elapsed(pending, now + 7_000)
    expect(none).to.equal(undefined)
    expect(ready).to.deep.include({ StepDetails: { Attempt: 1, Result: '{"n":1}' } })
    const { record: started } = transition(ready, update('STEP', 'START'), { now })
    expect(started).to.deep.include({ StepDetails: { Attempt: 1, Result: '{"n":1}' } })
  })

  it('keeps its state over a check that failed', () => {
    const { record: pending } = transition(record('STEP', 'STARTED'), again, { now })
    if (pending.Type !== 'STEP') throw new Error('expected a step')
    const { record: ready } = elapsed(pending, now)
    const { record: failed } = transition(ready, update('STEP', 'RETRY'), { now })
    expect(failed).to.have.nested.property('StepDetails.Result', '{"n":1}')
    expect(failed).to.have.nested.property('StepDetails.Error.ErrorType', 'Broken')
  })
})

describe('a wait that is due', () => {
  it('has succeeded, and its event repeats the duration', () => {
    const { record: started } = transition(undefined, update('WAIT', 'START'), { now })
    if (started.Type !== 'WAIT') throw new Error('expected a wait')
    const { record: ended, event } = elapsed(started, now + 9_000)
    expect(ended).to.deep.include({ Status: 'SUCCEEDED', EndTimestamp: now + 9_000 })
    expect(event).to.deep.include({ type: 'WaitSucceeded', details: { Duration: 9 } })
  })
})

describe('an end that is reported from outside', () => {
  const error = { ErrorType: 'Broken', ErrorMessage: 'it broke' }
  const cases: { type: 'CALLBACK' | 'CHAINED_INVOKE'; end: Settlement; event: EventType }[] = [
    { type: 'CALLBACK', end: { status: 'SUCCEEDED', result: '1' }, event: 'CallbackSucceeded' },
    { type: 'CALLBACK', end: { status: 'FAILED', error }, event: 'CallbackFailed' },
    { type: 'CALLBACK', end: { status: 'TIMED_OUT', error }, event: 'CallbackTimedOut' },
    {
      type: 'CHAINED_INVOKE',
      end: { status: 'SUCCEEDED', result: '1' },
      event: 'ChainedInvokeSucceeded',
    },
    { type: 'CHAINED_INVOKE', end: { status: 'FAILED', error }, event: 'ChainedInvokeFailed' },
    { type: 'CHAINED_INVOKE', end: { status: 'TIMED_OUT', error }, event: 'ChainedInvokeTimedOut' },
    { type: 'CHAINED_INVOKE', end: { status: 'STOPPED', error }, event: 'ChainedInvokeStopped' },
  ]
  for (const { type, end, event: expected } of cases) {
    it(`makes a ${type} ${end.status}, as ${expected}`, () => {
      const open = record(type, 'STARTED')
      if (open.Type !== 'CALLBACK' && open.Type !== 'CHAINED_INVOKE')
        throw new Error('no such type')
      const { record: ended, event } = settled(open, end, now)
      expect(ended).to.include({ Status: end.status, EndTimestamp: now, StartTimestamp: begun })
      const member = type === 'CALLBACK' ? 'CallbackDetails' : 'ChainedInvokeDetails'
      const told = end.status === 'SUCCEEDED' ? { Result: '1' } : { Error: error }
      expect(ended).to.have.deep.property(member, told)
      expect(event?.type).to.equal(expected)
    })
  }
})

describe('an update that speaks of another operation', () => {
  const stored: OperationRecord = {
    ...record('STEP', 'STARTED'),
    Name: 'charge',
    SubType: 'Step',
    ParentId: '1',
  }
  const cases: [Partial<OperationUpdate>, string][] = [
    [{ Type: 'CONTEXT' }, 'Inconsistent operation type.'],
    [{ SubType: 'WaitForCondition' }, 'Inconsistent operation subtype.'],
    [{ Name: 'refund' }, 'Inconsistent operation name.'],
    [{ ParentId: '2' }, 'Inconsistent parent operation id.'],
  ]
  for (const [difference, message] of cases) {
    it(`is refused: ${message}`, () => {
      const sent = { ...update('STEP', 'SUCCEED'), ...difference }
      expect(() => transition(stored, sent, { now })).to.throw(Refusal, message)
    })
  }

  it('may leave out what it does not change', () => {
    const { record: next } = transition(stored, update('STEP', 'SUCCEED'), { now })
    expect(next).to.include({ Name: 'charge', SubType: 'Step', ParentId: '1' })
  })
})

function record(type: OperationType, status: OperationStatus): OperationRecord {
  return { Id: '7', Type: type, Status: status, StartTimestamp: begun }
}

/** An update that is fine in itself. */
function update(Type: OperationType, Action: OperationAction): OperationUpdate {
  return {
    Id: '7',
    Type,
    Action,
    ...(Action === 'FAIL' || Action === 'RETRY'
      ? { Error: { ErrorType: 'Broken', ErrorMessage: 'it broke' } }
      : {}),
    ...(Action === 'RETRY' ? { StepOptions: { NextAttemptDelaySeconds: 7 } } : {}),
    ...(Type === 'WAIT' ? { WaitOptions: { WaitSeconds: 9 } } : {}),
    ...(Type === 'CHAINED_INVOKE' ? { ChainedInvokeOptions: { FunctionName: 'f' } } : {}),
  }
}

function isTerminal(status: OperationStatus): boolean {
  return !['STARTED', 'PENDING', 'READY'].includes(status)
}
