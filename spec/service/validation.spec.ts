import { expect } from 'chai'
import type { OperationUpdate } from '../../lib/journal/update.ts'
import { Refusal } from '../../lib/service/refusal.ts'
import { defaultServiceLimits } from '../../lib/service/service-limits.ts'
import { checkUpdates } from '../../lib/service/validation.ts'
import {
  endStep,
  failStep,
  retryStep,
  startCallback,
  startContext,
  startInvoke,
  startStep,
  startWait,
} from './updates.ts'

const limits = { ...defaultServiceLimits, operationPayloadBytes: 100, errorBytes: 200 }
const succeed: OperationUpdate = { Id: 'x', Type: 'EXECUTION', Action: 'SUCCEED', Payload: '1' }
const error = { ErrorType: 'Broken', ErrorMessage: 'it broke' }

const refused: { batch: OperationUpdate[]; because: string }[] = [
  { batch: [succeed, succeed], because: 'Cannot checkpoint multiple EXECUTION updates.' },
  {
    batch: [succeed, startStep('1')],
    because: 'EXECUTION checkpoint must be the last update.',
  },
  {
    batch: [startStep('1'), startStep('1')],
    because: 'Cannot checkpoint multiple operations with the same ID.',
  },
  {
    batch: [startStep('1'), endStep('1'), endStep('1')],
    because: 'Cannot checkpoint multiple operations with the same ID.',
  },
  {
    batch: [endStep('1'), startStep('1')],
    because: 'Cannot checkpoint multiple operations with the same ID.',
  },
  {
    batch: [startWait('1', 1), { Id: '1', Type: 'WAIT', Action: 'CANCEL' }],
    because: 'Cannot checkpoint multiple operations with the same ID.',
  },
  {
    batch: [retryStep('1', 1), endStep('1')],
    because: 'Cannot checkpoint multiple operations with the same ID.',
  },
  {
    batch: [startContext('1'), endStep('1')],
    because: 'Cannot checkpoint multiple operations with the same ID.',
  },
  { batch: [{ ...startStep('1'), Type: 'LOOP' as 'STEP' }], because: 'Unknown operation type.' },
  {
    batch: [{ ...startStep('1'), Action: 'HALT' as 'START' }],
    because: 'Invalid action for the given operation type.',
  },
  {
    batch: [retryStep('1', 1, { Payload: '1' })],
    because: 'Cannot provide both error and payload to RETRY a STEP.',
  },
  {
    batch: [failStep('1', { Payload: '1' })],
    because: 'Cannot provide a Payload for FAIL action.',
  },
  {
    batch: [endStep('1', '1', { Error: error })],
    because: 'Cannot provide an Error for SUCCEED action.',
  },
  {
    batch: [{ ...succeed, Error: error }],
    because: 'Cannot provide an Error for SUCCEED action.',
  },
  {
    batch: [{ Id: '1', Type: 'STEP', Action: 'RETRY' }],
    because: 'Invalid StepOptions for the given action.',
  },
  { batch: [retryStep('1', 0)], because: 'Invalid StepOptions for the given action.' },
  { batch: [retryStep('1', 31_622_401)], because: 'Invalid StepOptions for the given action.' },
  { batch: [startWait('1', 0)], because: 'Invalid WaitOptions for the given action.' },
  { batch: [startWait('1', 1.5)], because: 'Invalid WaitOptions for the given action.' },
  { batch: [startWait('1', 31_622_401)], because: 'Invalid WaitOptions for the given action.' },
  {
    batch: [startCallback('1', { TimeoutSeconds: -1 })],
    because: 'Invalid CallbackOptions for the given action.',
  },
  {
    batch: [startCallback('1', { HeartbeatTimeoutSeconds: 100_000_000 })],
    because: 'Invalid CallbackOptions for the given action.',
  },
  {
    batch: [{ Id: '1', Type: 'CHAINED_INVOKE', Action: 'START' }],
    because: 'Update for CHAINED_INVOKE operation requires ChainedInvokeOptions.',
  },
  {
    batch: [startInvoke('1', 'f', undefined, 'no#hash')],
    because: 'Member must satisfy regular expression pattern',
  },
  {
    batch: [startInvoke('1', 'f', `"${'x'.repeat(99)}"`)],
    because: 'CHAINED_INVOKE input payload size must be less than or equal to 100 bytes.',
  },
  {
    batch: [endStep('1', 'é'.repeat(51))],
    because: 'STEP output payload size must be less than or equal to 100 bytes.',
  },
  {
    batch: [failStep('1', { Error: { ErrorMessage: 'x'.repeat(200) } })],
    because: 'Error object size must be less than 200 bytes.',
  },
  { batch: [startStep('')], because: "Value '' at 'updates.1.member.id' failed" },
  { batch: [startStep('1'), startStep('a b')], because: "at 'updates.2.member.id' failed" },
  { batch: [startStep('1'.repeat(65))], because: 'have length less than or equal to 64' },
  {
    batch: [startStep('1', { Name: '' })],
    because: "at 'updates.1.member.name' failed to satisfy constraint: Member must have length",
  },
  {
    batch: [startStep('1', { Name: 'naïve' })],
    because: "Value 'naïve' at 'updates.1.member.name'",
  },
  { batch: [startStep('1', { Name: 'n'.repeat(257) })], because: 'less than or equal to 256' },
  { batch: [startStep('1', { SubType: 's'.repeat(33) })], because: 'less than or equal to 32' },
  {
    batch: [startStep('1', { ParentId: 'p/q' })],
    because: "Value 'p/q' at 'updates.1.member.parentId'",
  },
  { batch: 'none' as unknown as OperationUpdate[], because: 'Member must be a list' },
  { batch: [null as unknown as OperationUpdate], because: 'Member must be a structure' },
]

describe('a batch of updates', () => {
  for (const [index, { batch, because }] of refused.entries()) {
    it(`is refused (${index + 1}): ${because}`, () => {
      expect(() => checkUpdates(batch, limits))
        .to.throw(Refusal, because)
        .that.includes({ name: 'InvalidParameterValueException', status: 400, type: 'User' })
    })
  }

  const accepted: Record<string, OperationUpdate[]> = {
    'that is empty': [],
    'with a step that starts and ends': [startStep('1'), endStep('1', '1')],
    'with a step that starts and is put off': [startStep('1'), retryStep('1', 31_622_400)],
    'with a context that starts and fails': [
      startContext('1'),
      { Id: '1', Type: 'CONTEXT', Action: 'FAIL', Error: error },
    ],
    'that ends the execution last, under any id': [startStep('x'), succeed],
    'with payloads of just the most bytes': [endStep('1', 'é'.repeat(50))],
    'with names of just the most characters': [
      startStep('1'.repeat(64), { Name: '~'.repeat(256) }),
    ],
    'with a wait of 366 days': [startWait('1', 31_622_400)],
    'with members that are null': [
      { ...startStep('1'), Name: null, ParentId: null, Error: null } as unknown as OperationUpdate,
    ],
  }
  for (const [title, batch] of Object.entries(accepted)) {
    it(`${title} is accepted`, () => {
      expect(() => checkUpdates(batch, limits)).not.to.throw()
    })
  }
})
