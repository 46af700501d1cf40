import { expect } from 'chai'
import fc from 'fast-check'
import { packed, type BatchLimits } from '../../lib/checkpoint/batch.ts'
import { operationTypes } from '../../lib/journal/record.ts'
import { operationActions, type OperationUpdate } from '../../lib/journal/update.ts'

const short = fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/)
const payload = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom('\u0001', '"', '€', '\ud800', 'x'), maxLength: 2_000 }),
)
const update: fc.Arbitrary<OperationUpdate> = fc.record(
  {
    Id: fc.oneof(fc.constantFrom('1', '2', '3'), short),
    Type: fc.constantFrom(...operationTypes),
    Action: fc.constantFrom(...operationActions),
    ParentId: short,
    Name: fc.stringMatching(/^[\x20-\x7e]{1,256}$/),
    SubType: fc.stringMatching(/^[a-zA-Z0-9_-]{1,32}$/),
    Payload: payload,
    Error: fc.record({ ErrorType: payload, ErrorMessage: payload, ErrorData: payload }),
    ContextOptions: fc.constant({ ReplayChildren: true }),
    StepOptions: fc.constant({ NextAttemptDelaySeconds: 31_622_400 }),
    WaitOptions: fc.constant({ WaitSeconds: 31_622_400 }),
    CallbackOptions: fc.constant({
      TimeoutSeconds: 99_999_999,
      HeartbeatTimeoutSeconds: 99_999_999,
    }),
    ChainedInvokeOptions: fc.record({
      FunctionName: fc.string({ minLength: 1, maxLength: 256 }),
      TenantId: fc.string({ minLength: 1, maxLength: 256 }),
    }),
  },
  { requiredKeys: ['Id', 'Type', 'Action'] },
)
const queue = fc.array(update, { minLength: 1, maxLength: 40 })
const most: fc.Arbitrary<BatchLimits> = fc.record({
  updates: fc.integer({ min: 1, max: 20 }),
  bytes: fc.integer({ min: 1, max: 20_000 }),
})

const bytesOf = (updates: readonly OperationUpdate[]) =>
  updates.reduce((sum, one) => sum + Buffer.byteLength(JSON.stringify(one)), 0)

/** The queue as it goes out, call by call. */
function calls(updates: readonly OperationUpdate[], limits?: BatchLimits): OperationUpdate[][] {
  const made: OperationUpdate[][] = []
  for (let from = 0; from < updates.length;) {
    const count = packed(updates, from, limits)
    made.push(updates.slice(from, from + count))
    from += Math.max(1, count)
  }
  return made
}

describe('law: updates packed into calls', () => {
  it('all go out, in their order, at least one a call', () => {
    fc.assert(
      fc.property(queue, most, (updates, limits) => {
        const made = calls(updates, limits)

        expect(made.flat()).to.deep.equal(updates)
        expect(Math.min(...made.map((one) => one.length))).to.be.at.least(1)
      }),
    )
  })

  it('never exceed the limits of a call, unless a single one does', () => {
    fc.assert(
      fc.property(queue, most, (updates, limits) => {
        for (const call of calls(updates, limits)) {
          expect(call.length).to.be.at.most(limits.updates)
          if (call.length > 1) expect(bytesOf(call)).to.be.at.most(limits.bytes)
        }
      }),
    )
  })

  it('name no operation twice in a call, but for the START and the end of a step or context', () => {
    fc.assert(
      fc.property(queue, (updates) => {
        for (const call of calls(updates)) {
          const byId = groups(call)
          for (const same of byId.values()) {
            expect(same.length).to.be.at.most(2)
            const [first, second] = same
            if (second === undefined) continue
            expect(['STEP', 'CONTEXT']).to.include(second.Type)
            expect([first?.Action, second.Action === 'START']).to.deep.equal(['START', false])
          }
        }
      }),
    )
  })
})

describe('a queue of updates', () => {
  const step = (
    Id: string,
    Action: OperationUpdate['Action'],
    rest?: Partial<OperationUpdate>,
  ) => ({
    Id,
    Type: 'STEP' as const,
    Action,
    ...rest,
  })

  const table: { says: string; updates: OperationUpdate[]; count: number }[] = [
    { says: 'nothing of nothing', updates: [], count: 0 },
    {
      says: 'a step and its end together',
      updates: [step('1', 'START'), step('1', 'SUCCEED')],
      count: 2,
    },
    {
      says: 'not a third word about a step',
      updates: [step('1', 'START'), step('1', 'RETRY'), step('1', 'START')],
      count: 2,
    },
    {
      says: 'not the start of an attempt with the end of the one before',
      updates: [step('1', 'RETRY'), step('1', 'START')],
      count: 1,
    },
    {
      says: 'not two words about a wait',
      updates: [
        { Id: '1', Type: 'WAIT', Action: 'START' },
        { Id: '1', Type: 'WAIT', Action: 'CANCEL' },
      ],
      count: 1,
    },
    {
      says: 'the most updates that a call may have',
      updates: Array.from({ length: 300 }, (_, i) => step(`${i}`, 'START')),
      count: 250,
    },
    {
      says: 'the most bytes that a call may have',
      updates: ['1', '2', '3'].map((id) => step(id, 'SUCCEED', { Payload: 'x'.repeat(300_000) })),
      count: 2,
    },
    {
      says: 'one update larger than all',
      updates: [step('1', 'SUCCEED', { Payload: 'x'.repeat(10 ** 6) }), step('2', 'START')],
      count: 1,
    },
    {
      says: 'a larger one after a small one only in the next call',
      updates: [step('2', 'START'), step('1', 'SUCCEED', { Payload: 'x'.repeat(10 ** 6) })],
      count: 1,
    },
  ]
  for (const { says, updates, count } of table) {
    it(`gives ${says}`, () => {
      expect(packed(updates)).to.equal(count)
    })
  }

  it('is taken at no less than its bytes, though they are short texts of long bytes', () => {
    const id = 'x'.repeat(64)
    const rest = { ParentId: id, SubType: 's'.repeat(32), Payload: '\u0001'.repeat(127) }
    const updates = ['y', 'z'].map((end) => step(id.slice(1) + end, 'SUCCEED', rest))

    expect(packed(updates, 0, { updates: 10, bytes: bytesOf(updates) - 1 })).to.equal(1)
  })

  it('is looked at from where it is told to begin', () => {
    const updates = [step('1', 'RETRY'), step('1', 'START'), step('1', 'SUCCEED')]

    expect([packed(updates, 0), packed(updates, 1), packed(updates, 3)]).to.deep.equal([1, 2, 0])
  })
})

function groups(updates: readonly OperationUpdate[]): Map<string, OperationUpdate[]> {
  const found = new Map<string, OperationUpdate[]>()
  for (const one of updates) found.set(one.Id, [...(found.get(one.Id) ?? []), one])
  return found
}
