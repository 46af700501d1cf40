import type { Clock } from '../../kernel/clock.ts'
import { toMilliseconds } from '../../kernel/duration.ts'
import { CallbackTurns, type Sent, type Timed } from '../callback-turns.ts'
import type { CallbackScripts } from '../scenario.ts'
import { failureOf, payloadOf, type CallbackSender } from './handle.ts'
import { callbackName, isOpen, type HistoryOperation } from './history.ts'

export interface CallbackScriptOptions {
  readonly scripts: CallbackScripts
  readonly clock: Clock
  readonly sender: CallbackSender
  /** Hears of what could not be sent. */
  readonly onFailure: (error: unknown) => void
}

/** Answers callbacks as it was told beforehand. */
export class CallbackScript {
  readonly #options: CallbackScriptOptions
  readonly #turns: CallbackTurns
  readonly #unanswered = new Map<HistoryOperation, string>()

  constructor(options: CallbackScriptOptions) {
    this.#options = options
    this.#turns = new CallbackTurns(options.scripts)
  }

  /** Names that there is an answer for and that no callback had. */
  get unused(): string[] {
    return this.#turns.unused
  }

  /** Names of the open callbacks that there is no answer for. */
  get unanswered(): string[] {
    return [...this.#unanswered].flatMap(([operation, name]) => (isOpen(operation) ? [name] : []))
  }

  /** To be called with each callback that is made. */
  meet(operation: HistoryOperation): void {
    const name = callbackName(operation)
    const answer = this.#turns.next(name)
    if (answer === undefined) return void this.#unanswered.set(operation, name)
    if (answer === 'timeout') return
    const after = toMilliseconds(answer.after ?? '1s', 'after')
    this.#beat(operation, answer, after)
    if ('timeout' in answer) return
    this.#options.clock.startTimer(after, () => {
      this.#send(operation, () => this.#answer(idOf(operation), answer))
    })
  }

  #beat(operation: HistoryOperation, { heartbeat }: Timed, until: number): void {
    if (heartbeat === undefined) return
    const pause = toMilliseconds(heartbeat, 'heartbeat')
    const beat = (at: number) => {
      if (at >= until) return
      this.#options.clock.startTimer(pause, () => {
        if (!isOpen(operation)) return
        this.#send(operation, () => this.#options.sender.heartbeat(idOf(operation)))
        beat(at + pause)
      })
    }
    beat(pause)
  }

  /** It may have timed out on the way; whoever waits for the callback sees that. */
  #send(operation: HistoryOperation, send: () => Promise<void>): void {
    if (!isOpen(operation)) return
    send().catch((error: unknown) => {
      if ((error as Error).name !== 'CallbackTimeoutException') this.#options.onFailure(error)
    })
  }

  async #answer(id: string, answer: Sent): Promise<void> {
    const { sender } = this.#options
    if ('fail' in answer) return sender.fail(id, failureOf(answer.fail))
    await sender.succeed(id, await payloadOf(answer.succeed, answer.serdes))
  }
}

function idOf({ details }: HistoryOperation): string {
  return details.callbackId ?? ''
}
