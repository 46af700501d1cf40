import { driver, race, step, wait, waitForCallback, type WorkflowContext } from 'perdure'
import type { Scenario } from 'perdure/testing'

// A parcel is offered to a neighbour, who has until the evening to take it in. Whichever comes first
// decides, and the other is cancelled: the timer at the service, or the question, which nobody looks
// at again. What was first is on record, so a replay sees the same.

interface Parcel {
  id: string
  neighbours: string[]
}

export function* deliver({ id, neighbours }: Parcel, { log }: WorkflowContext) {
  for (const neighbour of neighbours) {
    const first = yield* race(`ask ${neighbour}`, {
      answer: waitForCallback<{ takes: boolean }>(neighbour, (callbackId) =>
        doorbells.ring(neighbour, id, callbackId),
      ),
      evening: wait('evening', '6h'),
    })
    if (first.winner === 'answer' && first.value.takes) {
      yield* step('hand over', () => depot.handOver(id, neighbour))
      return { id, at: neighbour }
    }
    log.info(`${neighbour} ${first.winner === 'answer' ? 'declined' : 'did not answer'}`)
  }
  yield* step('store', () => depot.store(id))
  return { id, at: 'the depot' }
}

export const handler = driver.lambdaHandler(deliver)

// ---- what lies outside

const doorbells = {
  async ring(_neighbour: string, _parcel: string, _callbackId: string): Promise<void> {},
}

const depot = {
  async handOver(_parcel: string, _neighbour: string): Promise<void> {},
  async store(_parcel: string): Promise<void> {},
}

/** Ada is out; Bo comes home after an hour. */
export const scenario: Scenario = {
  input: { id: 'parcel-3', neighbours: ['Ada', 'Bo'] },
  callbacks: { Bo: { after: '1h', succeed: { takes: true } } },
}
