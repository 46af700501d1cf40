import { createCallback, invoke, retry, step, text, waitForCallback } from '../../../lib/index.ts'
import { fail } from '../errors.ts'
import type { Programs } from './program.ts'

// The official SDK hands the text of an answer on as it is.
const asText = { serdes: text }

export const outside: Programs = {
  *callback() {
    const { result } = yield* createCallback('approval', asText)
    return `answered: ${yield* result}`
  },
  *callbackFailed() {
    const { result } = yield* createCallback('approval', asText)
    return yield* result
  },
  *callbackTimedOut() {
    const { result } = yield* createCallback('approval', { ...asText, timeout: '10m' })
    return yield* result
  },
  *callbackHeartbeat() {
    const { result } = yield* createCallback('approval', {
      ...asText,
      timeout: '1h',
      heartbeatTimeout: '1m',
    })
    return yield* result
  },
  *callbackSilent() {
    const { result } = yield* createCallback('approval', { ...asText, heartbeatTimeout: '1m' })
    return yield* result
  },
  *callbackAfterStep() {
    const { result } = yield* createCallback('approval', asText)
    yield* step('meanwhile', () => 'done')
    return yield* result
  },
  *waitForCallback() {
    return yield* waitForCallback('approval', (id) => void (id.length > 0 || fail()), {
      ...asText,
      timeout: '1h',
    })
  },
  *waitForCallbackFailed() {
    return yield* waitForCallback('approval', () => undefined, asText)
  },
  *waitForCallbackTimedOut() {
    return yield* waitForCallback('approval', () => undefined, { ...asText, timeout: '1m' })
  },
  *waitForCallbackNotSubmitted() {
    return yield* waitForCallback('approval', () => fail(), { ...asText, retry: retry.none })
  },
  *invokeDurable(input: { durable: string }) {
    return yield* invoke(input.durable, { program: 'step', input: 'Ada' }, { name: 'call' })
  },
  *invokePlain(input: { plain: string }) {
    return yield* invoke(input.plain, { say: 'hello' })
  },
  *invokeFailed(input: { durable: string }) {
    return yield* invoke(input.durable, { program: 'thrown' }, { name: 'call' })
  },
  *invokePlainFailed(input: { failing: string }) {
    return yield* invoke(input.failing, {}, { name: 'call' })
  },
  *invokeCaught(input: { failing: string }) {
    try {
      return yield* invoke(input.failing, {}, { name: 'call' })
    } catch (error) {
      return yield* step('fall back', () => `caught ${(error as Error).message}`)
    }
  },
  *invokeMissing() {
    return yield* invoke('nobody', {}, { name: 'call' })
  },
  *invokeTimedOut(input: { brief: string }) {
    return yield* invoke(input.brief, { program: 'wait' }, { name: 'call' })
  },
  *invokeForTenant(input: { plain: string }) {
    return yield* invoke(input.plain, 'hello', { name: 'call', tenantId: 'blue' })
  },
}
