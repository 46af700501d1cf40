import { step, wait } from '../../../lib/index.ts'
import { crashOnce } from '../crash-once.ts'
import { fail } from '../errors.ts'
import { aboveTheResponse, aboveThePayload } from '../sizes.ts'
import type { Programs } from './program.ts'

export const endings: Programs = {
  *echo(input: unknown) {
    return input
  },
  *nothing() {
    return undefined
  },
  *thrown() {
    fail()
  },
  *thrownAfterStep() {
    yield* step('first', () => 1)
    throw new TypeError('not what was expected')
  },
  *largeInput(input: string) {
    return input.length
  },
  *largeResult() {
    return aboveTheResponse
  },
  *tooLargeResult() {
    return aboveThePayload
  },
  *crashed(_input, { executionArn }) {
    crashOnce(executionArn)
    return yield* step('survived', () => 'survived')
  },
  *crashing() {
    process.exit(1)
  },
  *endless() {
    yield* wait('pause', '1m')
    for (;;);
  },
  *stopped() {
    yield* wait('a day', '1d')
  },
}
