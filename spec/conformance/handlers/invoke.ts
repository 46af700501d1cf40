import { childContext, invoke, step, wait, type Serializer } from 'perdure'

import type { Handlers } from '../handler.ts'

/** A durable target. */
function* echo(event: unknown) {
  return yield* step('echo', () => event)
}

/** A plain one. */
async function plainEcho(event: unknown) {
  return event
}

function refuse() {
  throw new Error('refused')
}

const targets = { echo, 'plain-echo': plainEcho, refuse }

function* invokeEcho(input: unknown) {
  return yield* invoke('echo', input)
}

function* invokePlainEcho(input: unknown) {
  return yield* invoke('plain-echo', input)
}

function* invokeByName({ name, payload }: { name: string; payload: string }) {
  return yield* invoke('echo', payload, { name })
}

function* invokeAndFail() {
  return yield* invoke('refuse')
}

function* invokeForTenant({ tenantId, payload }: { tenantId: string; payload: string }) {
  return yield* invoke('plain-echo', payload, { tenantId })
}

function* invokeThenWait(input: unknown) {
  const result = yield* invoke('echo', input)
  yield* wait('1s')
  return result
}

function* stepThenInvoke() {
  const order = yield* step(() => 'order-1')
  return yield* invoke('echo', order)
}

function* invokeThenStep() {
  const order = yield* invoke<string>('plain-echo', 'order-1')
  return yield* step(() => `${order} shipped`)
}

function* invokeInChild() {
  return yield* childContext('shipping', () => invoke('echo', 'order-1'))
}

const shouting: Serializer<{ data: string }> = {
  serialize: ({ data }) => JSON.stringify({ data: data.toUpperCase() }),
}

function* invokeShouting(input: { data: string }) {
  return yield* invoke('echo', input, { inputSerdes: shouting })
}

export const handlers = {
  '5-1': { workflow: invokeEcho, targets },
  '5-2': { workflow: invokeByName, targets },
  '5-3': { workflow: invokePlainEcho, targets },
  '5-4': { workflow: invokeEcho, targets },
  '5-5': { workflow: invokeAndFail, targets },
  '5-8': { workflow: invokeForTenant, targets },
  '5-9': { workflow: invokeThenWait, targets },
  '5-11': { workflow: stepThenInvoke, targets },
  '5-12': { workflow: invokeThenStep, targets },
  '5-13': { workflow: invokeInChild, targets },
  '5-15': { workflow: invokeShouting, targets },
} satisfies Handlers
