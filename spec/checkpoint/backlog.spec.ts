import { expect } from 'chai'
import fc from 'fast-check'
import { Checkpointer } from '../../lib/checkpoint/checkpointer.ts'
import type { CheckpointRequest } from '../../lib/checkpoint/port.ts'
import type { OperationUpdate } from '../../lib/journal/update.ts'
import { systemClock } from '../../lib/kernel/clock.ts'
import { odds } from '../support/odds.ts'

function build(refuse?: (request: CheckpointRequest) => Error | undefined) {
  const requests: CheckpointRequest[] = []
  const checkpointer = new Checkpointer({
    service: {
      checkpoint: async (request) => {
        requests.push(request)
        const error = refuse?.(request)
        if (error) throw error
        return { CheckpointToken: `t${requests.length}` }
      },
      getExecutionState: async () => ({}),
    },
    executionArn: 'arn',
    token: 't0',
    clock: systemClock,
    random: odds(0),
    remaining: () => Infinity,
  })
  return { checkpointer, requests }
}

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

  it('is sent again without the CANCEL of a wait that was over a moment before', async () => {
    const late = Object.assign(new Error('Cannot cancel a wait that is over.'), {
      name: 'InvalidParameterValueException',
      $metadata: { httpStatusCode: 400 },
    })
    const isCancel = ({ Action }: OperationUpdate) => Action === 'CANCEL'
    const { checkpointer, requests } = build(({ Updates = [] }) => {
      return Updates.some(isCancel) ? late : undefined
    })
    checkpointer.add([update('SUCCEED', 1), { Id: '2', Type: 'WAIT', Action: 'CANCEL' }])
    const answer = await checkpointer.flush()

    expect(answer?.count).to.equal(2)
    expect(requests.map(({ Updates = [] }) => Updates.map(({ Action }) => Action))).to.deep.equal([
      ['SUCCEED', 'CANCEL'],
      ['SUCCEED'],
    ])
    expect(new Set(requests.map(({ ClientToken }) => ClientToken)).size).to.equal(2)
  })
})
