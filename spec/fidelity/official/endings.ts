import { crashOnce } from '../crash-once.ts'
import { fail } from '../errors.ts'
import { aboveTheResponse, aboveThePayload } from '../sizes.ts'
import type { Programs } from './program.ts'

export const endings: Programs = {
  echo: async (input: unknown) => input,
  nothing: async () => undefined,
  thrown: async () => fail(),
  thrownAfterStep: async (_input, context) => {
    await context.step('first', async () => 1)
    throw new TypeError('not what was expected')
  },
  largeInput: async (input: string) => input.length,
  largeResult: async () => aboveTheResponse,
  tooLargeResult: async () => aboveThePayload,
  crashed: async (_input, context) => {
    crashOnce(context.executionContext.durableExecutionArn)
    return context.step('survived', async () => 'survived')
  },
  crashing: async () => process.exit(1),
  endless: async (_input, context) => {
    await context.wait('pause', { minutes: 1 })
    for (;;);
  },
  stopped: async (_input, context) => context.wait('a day', { days: 1 }),
}
