import { createCallback, step, wait, type Deserializer } from 'perdure'

import type { Handlers } from '../handler.ts'

function* awaitCallback(name: string) {
  const callback = yield* createCallback(name)
  return yield* callback.result
}

function* awaitApproval() {
  const approval = yield* createCallback('approval')
  return yield* approval.result
}

function* awaitForFiveSeconds(name: string) {
  const callback = yield* createCallback(name, { timeout: '5s' })
  return yield* callback.result
}

function* awaitWithHeartbeats(name: string) {
  const callback = yield* createCallback(name, { heartbeatTimeout: '5s' })
  return yield* callback.result
}

function* stepMeanwhile(name: string) {
  const callback = yield* createCallback(name)
  yield* step('meanwhile', () => 'done')
  return yield* callback.result
}

function* waitMeanwhile(name: string) {
  const callback = yield* createCallback(name)
  yield* wait('5s')
  return yield* callback.result
}

function* waitAfterwards(name: string) {
  const callback = yield* createCallback(name)
  const payload = yield* callback.result
  yield* wait('2s')
  return payload
}

function* catchAndWait(name: string) {
  const callback = yield* createCallback(name)
  let message = 'approved'
  try {
    yield* callback.result
  } catch (error) {
    message = (error as Error).message
  }
  yield* wait('2s')
  return message
}

interface Received {
  id: string
  message: string
  timestamp: Date
}

const received: Deserializer<Received> = {
  deserialize(text) {
    const payload = JSON.parse(text) as Omit<Received, 'timestamp'> & { timestamp: string }
    return { ...payload, timestamp: new Date(payload.timestamp) }
  },
}

function* awaitDate(name: string) {
  const callback = yield* createCallback(name, { serdes: received })
  const { id, message, timestamp } = yield* callback.result
  return { received: { id, message, timestamp: timestamp.getTime() / 1000 } }
}

function* oneAfterTheOther([nameA, nameB]: [string, string]) {
  const a = yield* createCallback(nameA)
  const payloadA = yield* a.result
  const b = yield* createCallback(nameB)
  return [payloadA, yield* b.result]
}

function* bothAtOnce([nameA, nameB]: [string, string]) {
  const a = yield* createCallback(nameA)
  const b = yield* createCallback(nameB)
  return [yield* a.result, yield* b.result]
}

export const handlers = {
  '4-1': { workflow: awaitCallback },
  '4-2': { workflow: awaitApproval },
  '4-3': { workflow: awaitForFiveSeconds },
  '4-4': { workflow: awaitWithHeartbeats },
  '4-6': { workflow: awaitCallback },
  '4-7': { workflow: stepMeanwhile },
  '4-9': { workflow: waitMeanwhile },
  '4-10': { workflow: waitMeanwhile },
  '4-12': { workflow: waitAfterwards },
  '4-13': { workflow: catchAndWait },
  '4-15': { workflow: awaitDate },
  '4-17': { workflow: oneAfterTheOther },
  '4-18': { workflow: bothAtOnce },
} satisfies Handlers
