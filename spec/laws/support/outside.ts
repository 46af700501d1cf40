import { Refusal } from '../../../lib/service/refusal.ts'
import type { LambdaService } from '../../../lib/service/service.ts'
import type { VirtualClock } from '../../../lib/testing/virtual-clock.ts'
import type { CallbackAnswer, Thrown } from './plan.ts'

/** Those who answer callbacks, each once, however often they are asked. */
export class Outside {
  /** What went wrong there, which no run may cause. */
  problem: Error | undefined
  readonly #service: LambdaService
  readonly #clock: VirtualClock
  readonly #asked = new Set<string>()

  constructor(service: LambdaService, clock: VirtualClock) {
    this.#service = service
    this.#clock = clock
  }

  ask(callbackId: string, answer: CallbackAnswer): void {
    if (this.#asked.has(callbackId)) return
    this.#asked.add(callbackId)
    if (answer.how === 'time-out' || answer.how === 'heartbeat-time-out') return
    if (answer.after === 0) return void this.#answer(callbackId, answer)
    this.#clock.startTimer(answer.after * 1000, () => void this.#answer(callbackId, answer))
  }

  async #answer(CallbackId: string, answer: CallbackAnswer): Promise<void> {
    try {
      if (answer.how === 'succeed') {
        await this.#service.sendDurableExecutionCallbackSuccess({ CallbackId, Result: answer.text })
      } else if (answer.how === 'fail') {
        await this.#service.sendDurableExecutionCallbackFailure({
          CallbackId,
          Error: { ...typeOf(answer.thrown), ErrorMessage: answer.thrown.message },
        })
      }
    } catch (error) {
      // Nobody may wait for it any longer.
      if (error instanceof Refusal && error.name === 'CallbackTimeoutException') return
      this.problem ??= error as Error
    }
  }
}

function typeOf({ as }: Thrown): { ErrorType?: string } {
  const types = { error: 'Error', listed: 'Refused', unlisted: 'Unlisted' }
  return as === 'text' ? {} : { ErrorType: types[as] }
}
