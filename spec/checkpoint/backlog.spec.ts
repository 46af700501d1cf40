import { expect } from 'chai'
import fc from 'fast-check'
import { Checkpointer } from '../../lib/checkpoint/checkpointer.ts'
import type { CheckpointRequest } from '../../lib/checkpoint/port.ts'
import type { OperationRecord } from '../../lib/journal/record.ts'
import type { OperationUpdate } from '../../lib/journal/update.ts'
import { systemClock } from '../../lib/kernel/clock.ts'
import { odds } from '../support/odds.ts'

interface Circumstances {
  readonly refuse?: (request: CheckpointRequest) => Error | undefined
  /** Waits that are over at the service, as it tells when it is asked. */
  readonly over?: readonly string[]
  /** Whether an empty call is answered without a token. */
  readonly losesToken?: boolean
  /** Those that the invocation knows of. */
  readonly known?: readonly string[]
}

function build({ refuse, over = [], known = [], losesToken = false }: Circumstances = {}) {
  const requests: CheckpointRequest[] = []
  const checkpointer = new Checkpointer({
    service: {
      checkpoint: async (request) => {
        requests.push(request)
        const isEmpty = request.Updates?.length === 0
        const error = isEmpty ? undefined : refuse?.(request)
        if (error) throw error
        if (isEmpty && losesToken) return {}
        return {
          CheckpointToken: `t${requests.length}`,
          NewExecutionState: { Operations: over.map(overWait) },
        }
      },
      getExecutionState: async () => ({}),
    },
    executionArn: 'arn',
    token: 't0',
    clock: systemClock,
    random: odds(0),
    remaining: () => Infinity,
    isOver: (id) => known.includes(id),
  })
  return { checkpointer, requests }
}

const overWait = (Id: string): OperationRecord => ({
  Id,
  Type: 'WAIT',
  Status: 'SUCCEEDED',
  StartTimestamp: 0,
})

const update = (Action: OperationUpdate['Action'], n: number): OperationUpdate => {
  return { Id: `${n}`, Type: 'STEP', Action }
}

describe('a backlog of updates', () => {
  it('acknowledges each update as it was added, whichever STARTs were left out', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 700 }), async (ends) => {
        const { checkpointer, requests } = build()
        const added = ends.flatMap((isEnded, n) =>
          isEnded ? [update('START', n), update('SUCCEED', n)] : [update('START', n)],
        )
        checkpointer.add(added)
        let count = 0
        while (!checkpointer.isIdle) {
          count += (await checkpointer.flush())?.count ?? 0
          const sent = requests.flatMap(({ Updates = [] }) => Updates)
          const last = sent.at(-1)
          // What counts as durable ends with the last update that was sent.
          expect(added[count - 1]).to.equal(last)
        }
        const sent = requests.flatMap(({ Updates = [] }) => Updates)
        const isElided = added.length > 250

        expect(count).to.equal(added.length)
        expect(sent.filter(({ Action }) => Action === 'SUCCEED')).to.have.length(
          ends.filter(Boolean).length,
        )
        if (!isElided) expect(sent).to.deep.equal(added)
      }),
      { numRuns: 60 },
    ))

  it('asks with an empty call when it is idle, and not beside another', async () => {
    const { checkpointer, requests } = build()
    const first = checkpointer.refresh()
    const beside = checkpointer.refresh()

    expect([await first, beside, requests.map(({ Updates }) => Updates)]).to.deep.equal([
      { count: 0, records: [] },
      undefined,
      [[]],
    ])
  })
})

describe('the CANCEL of a wait', () => {
  const late = Object.assign(new Error('Cannot cancel a WAIT that has already completed.'), {
    name: 'InvalidParameterValueException',
    $metadata: { httpStatusCode: 400 },
  })
  const cancel = (Id: string): OperationUpdate => ({ Id, Type: 'WAIT', Action: 'CANCEL' })
  const isCancelOf = (id: string) => (one: OperationUpdate) =>
    one.Action === 'CANCEL' && one.Id === id
  const words = (requests: readonly CheckpointRequest[]) =>
    requests.map(({ Updates = [] }) => Updates.map(({ Action, Id }) => `${Action} ${Id}`).join())

  it('that was over a moment before is taken back, and it alone', async () => {
    const { checkpointer, requests } = build({
      over: ['2'],
      refuse: ({ Updates = [] }) => (Updates.some(isCancelOf('2')) ? late : undefined),
    })
    checkpointer.add([update('SUCCEED', 1), cancel('2'), cancel('3')])
    const answer = await checkpointer.flush()

    expect(answer).to.deep.equal({ count: 3, records: [overWait('2'), overWait('2')] })
    expect(words(requests)).to.deep.equal(['SUCCEED 1,CANCEL 2,CANCEL 3', '', 'SUCCEED 1,CANCEL 3'])
    expect(requests.map(({ CheckpointToken }) => CheckpointToken)).to.deep.equal(['t0', 't0', 't2'])
    expect(new Set(requests.map(({ ClientToken }) => ClientToken)).size).to.equal(3)
  })

  it('is given up with all others of the call where the service does not tell which was late', async () => {
    const { checkpointer, requests } = build({
      refuse: ({ Updates = [] }) => (Updates.some(isCancelOf('2')) ? late : undefined),
    })
    checkpointer.add([update('SUCCEED', 1), cancel('2'), cancel('3')])
    await checkpointer.flush()

    expect(words(requests).at(-1)).to.equal('SUCCEED 1')
  })

  it('is not sent where the wait is known to be over', async () => {
    const { checkpointer, requests } = build({ known: ['2'] })
    checkpointer.add([update('SUCCEED', 1), cancel('2'), cancel('3')])
    const answer = await checkpointer.flush()

    expect([words(requests), answer?.count]).to.deep.equal([['SUCCEED 1,CANCEL 3'], 3])
  })

  it('is not sent where the answer to the call before has told that the wait is over', async () => {
    const { checkpointer, requests } = build({ over: ['2'] })
    checkpointer.add([update('SUCCEED', 1)])
    await checkpointer.flush()
    checkpointer.add([cancel('2'), cancel('3')])
    await checkpointer.flush()

    expect(words(requests)).to.deep.equal(['SUCCEED 1', 'CANCEL 3'])
  })

  it('stops with the invocation where the token is taken away meanwhile', async () => {
    const { checkpointer, requests } = build({ refuse: () => late, losesToken: true })
    checkpointer.add([update('SUCCEED', 1), cancel('2')])
    await checkpointer.flush()

    expect([checkpointer.isHalted, words(requests)]).to.deep.equal([
      true,
      ['SUCCEED 1,CANCEL 2', ''],
    ])
  })
})
