import { sleep } from '../kernel/clock.ts'
import { toMilliseconds } from '../kernel/duration.ts'
import { limits } from '../kernel/limits.ts'
import type { HistoryEvent } from '../service/history.ts'
import type { Embedded } from './embedded.ts'
import type { CallbackAnswer, Scenario } from './scenario.ts'

/** Just before the longest an execution may take: when time gets there, nothing else was due. */
const endOfPatience = limits.longestDelaySeconds * 1000 - 1000

/** The outside world of one execution: answers its callbacks as the scenario says. */
export class World {
  readonly #embedded: Embedded
  readonly #arn: string
  readonly #answers: NonNullable<Scenario['callbacks']>
  readonly #unanswered = new Map<string, string>()
  #seen = 0
  #marker: string | undefined
  #tell: () => void = () => {}
  #news: Promise<void> = Promise.resolve()
  /** How a callback in the context of this id is called where it has no name of its own. */
  readonly #names = new Map<string, string>()
  readonly #used = new Set<string>()

  constructor(embedded: Embedded, arn: string, scenario: Scenario) {
    this.#embedded = embedded
    this.#arn = arn
    this.#answers = scenario.callbacks ?? {}
  }

  /** Names of the callbacks that were asked for and have no answer in the scenario. */
  get unanswered(): string[] {
    return [...this.#unanswered.values()]
  }

  /** Names that the scenario has an answer for and that no callback had. */
  get unused(): string[] {
    return Object.keys(this.#answers).filter((name) => !this.#used.has(name))
  }

  /** To be called when an invocation is over: there may be something new to see. */
  readonly notice = (): void => void this.#tell()

  /** Lets things happen until the execution has ended, or nothing is left that could happen. */
  async settle(): Promise<void> {
    const { clock, service } = this.#embedded
    const over = { ended: false, stuck: false }
    const patience = clock.startTimer(endOfPatience, () => {
      over.stuck = true
      this.#tell()
    })
    const end = service.ended(this.#arn).then(() => (over.ended = true))
    for (;;) {
      this.#news = new Promise((resolve) => (this.#tell = resolve))
      // The clock moves on, be it by nothing, only when nothing goes on in the process.
      await sleep(clock, 0)
      await this.#answerNew()
      if (over.ended || over.stuck) {
        patience.cancel()
        return
      }
      await Promise.race([end, this.#news])
    }
  }

  async #answerNew(): Promise<void> {
    for (const event of await this.#newEvents()) {
      if (event.EventType === 'ContextStarted' && event.SubType === 'WaitForCallback') {
        this.#names.set(event.Id ?? '', event.Name ?? event.Id ?? '')
      }
      const id = event.CallbackStartedDetails?.CallbackId
      if (event.EventType === 'CallbackStarted' && id !== undefined) this.#answer(event, id)
      else if (event.Id !== undefined) this.#unanswered.delete(event.Id)
    }
  }

  #answer(event: HistoryEvent, callbackId: string): void {
    const name = event.Name ?? this.#names.get(event.ParentId ?? '') ?? event.Id ?? ''
    this.#used.add(name)
    const answer = this.#answers[name]
    if (!answer) return void this.#unanswered.set(event.Id ?? '', name)
    const { clock } = this.#embedded
    const delay = toMilliseconds(answer.after ?? '1s', 'after')
    clock.startTimer(delay, () => void this.#send(callbackId, answer))
  }

  async #send(CallbackId: string, answer: CallbackAnswer): Promise<void> {
    const { service } = this.#embedded
    if ('succeed' in answer) {
      const Result = answer.succeed === undefined ? undefined : JSON.stringify(answer.succeed)
      await service.sendDurableExecutionCallbackSuccess({ CallbackId, Result })
      return
    }
    const { type: ErrorType = 'Error', message: ErrorMessage } = answer.fail
    const Error = { ErrorType, ErrorMessage }
    await service.sendDurableExecutionCallbackFailure({ CallbackId, Error })
  }

  async #newEvents(): Promise<readonly HistoryEvent[]> {
    const { Events, NextMarker } = await this.#embedded.service.getDurableExecutionHistory({
      DurableExecutionArn: this.#arn,
      MaxItems: 1000,
      ...(this.#marker === undefined ? {} : { Marker: this.#marker }),
    })
    const fresh = Events.filter(({ EventId }) => EventId > this.#seen)
    this.#seen = Events.at(-1)?.EventId ?? this.#seen
    if (NextMarker === undefined) return fresh
    this.#marker = NextMarker
    return [...fresh, ...(await this.#newEvents())]
  }
}
