import { json, retry, waitForCallback } from 'perdure'

import type { Handlers } from '../handler.ts'

/** The harness finds callbacks in the history, so there is nobody to tell. */
function submit() {}

function failToSubmit(): never {
  throw new Error('nobody answers')
}

function* approve(name: string) {
  return yield* waitForCallback(name, submit)
}

function* approveByName() {
  return yield* waitForCallback('approval', submit)
}

function* approveWithoutName() {
  return yield* waitForCallback(submit)
}

function* approveInThreeSeconds(name: string) {
  return yield* waitForCallback(name, submit, { timeout: '3s' })
}

function* neverSubmitted(name: string) {
  return yield* waitForCallback(name, failToSubmit, {
    retry: retry.fixed({ delay: '1s', maxAttempts: 2 }),
  })
}

function* approveTwice() {
  yield* waitForCallback('first', submit)
  return yield* waitForCallback('second', submit)
}

function* approveWithJson(name: string) {
  const { status } = yield* waitForCallback<{ status: string }>(name, submit, { serdes: json })
  return status
}

function* approveWithHeartbeats(name: string) {
  return yield* waitForCallback(name, submit, { heartbeatTimeout: '5s' })
}

function* recoverFromTimeout(name: string) {
  try {
    return yield* waitForCallback(name, submit, { timeout: '3s' })
  } catch {
    return 'timed-out-handled'
  }
}

export const handlers = {
  '7-1': { workflow: approve },
  '7-2': { workflow: approveByName },
  '7-3': { workflow: approveWithoutName },
  '7-4': { workflow: approve },
  '7-5': { workflow: approveInThreeSeconds },
  '7-7': { workflow: neverSubmitted },
  '7-9': { workflow: approveTwice },
  '7-11': { workflow: approveWithJson },
  '7-12': { workflow: approveWithHeartbeats },
  '7-14': { workflow: recoverFromTimeout },
} satisfies Handlers
