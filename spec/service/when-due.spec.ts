import { expect } from 'chai'
import type { OperationRecord } from '../../lib/journal/record.ts'
import { ByHand, rest } from './by-hand.ts'
import { cancelWait, startCallback, startWait } from './updates.ts'

/** A service that keeps its appointments only when it is told to. */
function putOff() {
  const due = new Map<string, () => void>()
  const stage = new ByHand({
    whenDue: ({ kind, record }, happen) => void due.set(`${kind} ${record.Id}`, happen),
  })
  const happen = async (what: string) => {
    due.get(what)?.()
    due.delete(what)
    await rest()
  }
  return { stage, due, happen }
}

describe('what is due, where somebody decides when it happens', () => {
  it('happens one after the other, in whatever order', async () => {
    const { stage, due, happen } = putOff()
    const first = await stage.start()
    await first.checkpoint(startWait('1', 60), startWait('2', 60))
    await first.pending()
    await stage.pass(60)

    expect([...due.keys()]).to.deep.equal(['wait 1', 'wait 2'])
    expect(stage.invocations).to.have.length(1)
    await happen('wait 2')
    expect((await stage.latest()).operations).to.deep.equal(['1 STARTED', '2 SUCCEEDED'])
    await (await stage.latest()).pending()
    await happen('wait 1')
    expect((await stage.latest()).operations).to.deep.equal(['1 SUCCEEDED', '2 SUCCEEDED'])
    expect(stage.invocations).to.have.length(3)
  })

  it('does not happen to a wait that was cancelled meanwhile', async () => {
    const { stage, happen } = putOff()
    const first = await stage.start()
    await first.checkpoint(startWait('1', 60))
    await stage.pass(60)
    await first.update(cancelWait('1'))
    const before = await stage.history(first.arn)

    await happen('wait 1')

    expect(await stage.history(first.arn)).to.deep.equal(before)
  })

  it('does not happen to a callback that had a heartbeat meanwhile, before that is missed', async () => {
    const { stage, due, happen } = putOff()
    const first = await stage.start()
    const answer = await first.checkpoint(startCallback('1', { HeartbeatTimeoutSeconds: 60 }))
    await first.pending()
    await stage.pass(60)
    await stage.service.sendDurableExecutionCallbackHeartbeat({ CallbackId: idIn(answer) })
    const before = await stage.history(first.arn)

    await happen('heartbeat 1')
    expect(await stage.history(first.arn)).to.deep.equal(before)

    await stage.pass(60)
    expect([...due.keys()]).to.deep.equal(['heartbeat 1'])
    await happen('heartbeat 1')
    expect((await stage.latest()).operations).to.deep.equal(['1 TIMED_OUT'])
  })
})

function idIn({
  NewExecutionState: { Operations },
}: {
  readonly NewExecutionState: { readonly Operations: readonly OperationRecord[] }
}): string {
  const [record] = Operations
  return (record?.Type === 'CALLBACK' && record.CallbackDetails?.CallbackId) || ''
}
