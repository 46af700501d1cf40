import { retryPresets } from '@aws/durable-execution-sdk-js'
import { fail } from '../errors.ts'
import type { Programs } from './program.ts'

export const outside: Programs = {
  callback: async (_input, context) => {
    const [answer] = await context.createCallback('approval')
    return `answered: ${await answer}`
  },
  callbackFailed: async (_input, context) => {
    const [answer] = await context.createCallback('approval')
    return answer
  },
  callbackTimedOut: async (_input, context) => {
    const [answer] = await context.createCallback('approval', { timeout: { minutes: 10 } })
    return answer
  },
  callbackHeartbeat: async (_input, context) => {
    const [answer] = await context.createCallback('approval', {
      timeout: { hours: 1 },
      heartbeatTimeout: { minutes: 1 },
    })
    return answer
  },
  callbackSilent: async (_input, context) => {
    const [answer] = await context.createCallback('approval', { heartbeatTimeout: { minutes: 1 } })
    return answer
  },
  callbackAfterStep: async (_input, context) => {
    const [answer] = await context.createCallback('approval')
    await context.step('meanwhile', async () => 'done')
    return answer
  },
  waitForCallback: async (_input, context) =>
    context.waitForCallback('approval', async (id) => void (id.length > 0 || fail()), {
      timeout: { hours: 1 },
    }),
  waitForCallbackFailed: async (_input, context) =>
    context.waitForCallback('approval', async () => undefined),
  waitForCallbackTimedOut: async (_input, context) =>
    context.waitForCallback('approval', async () => undefined, { timeout: { minutes: 1 } }),
  waitForCallbackNotSubmitted: async (_input, context) =>
    context.waitForCallback('approval', async () => fail(), {
      retryStrategy: retryPresets.noRetry,
    }),
  invokeDurable: async (input: { durable: string }, context) =>
    context.invoke('call', input.durable, { program: 'step', input: 'Ada' }),
  invokePlain: async (input: { plain: string }, context) =>
    context.invoke(input.plain, { say: 'hello' }),
  invokeFailed: async (input: { durable: string }, context) =>
    context.invoke('call', input.durable, { program: 'thrown' }),
  invokePlainFailed: async (input: { failing: string }, context) =>
    context.invoke('call', input.failing, {}),
  invokeCaught: async (input: { failing: string }, context) => {
    try {
      return await context.invoke('call', input.failing, {})
    } catch (error) {
      return context.step('fall back', async () => `caught ${(error as Error).message}`)
    }
  },
  invokeMissing: async (_input, context) => context.invoke('call', 'nobody', {}),
  invokeTimedOut: async (input: { brief: string }, context) =>
    context.invoke('call', input.brief, { program: 'wait' }),
  invokeForTenant: async (input: { plain: string }, context) =>
    context.invoke('call', input.plain, 'hello', { tenantId: 'blue' }),
}
