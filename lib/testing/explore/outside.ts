import { toMilliseconds } from '../../kernel/duration.ts'
import type { LambdaService } from '../../service/service.ts'
import type { StoredExecution, StoredOperation } from '../../service/store.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { CallbackAnswer } from '../scenario.ts'
import type { Place } from './points.ts'

export interface OutsideParts {
  readonly clock: Clock
  readonly answers: Readonly<Record<string, CallbackAnswer>>
  readonly service: () => LambdaService
  /** Sends an answer, at once or when its turn has come. */
  readonly deliver: (what: Place, send: () => void) => void
}

/** Whoever answers callbacks: sees each as soon as it is on record, and answers when its time has come. */
export class Outside {
  readonly #parts: OutsideParts
  readonly #seen = new Set<string>()
  /** Of contexts, by execution and id: a callback may go by the name of the one around it. */
  readonly #names = new Map<string, string>()

  constructor(parts: OutsideParts) {
    this.#parts = parts
  }

  see(arn: string, operations: readonly StoredOperation[]): void {
    for (const { record } of operations) {
      const { Id, Name, ParentId, Type } = record
      if (Type === 'CONTEXT' && Name != null) this.#names.set(`${arn} ${Id}`, Name)
      if (record.Type !== 'CALLBACK' || record.Status !== 'STARTED') continue
      const callbackId = record.CallbackDetails?.CallbackId
      if (callbackId === undefined || this.#seen.has(callbackId)) continue
      this.#seen.add(callbackId)
      const name = Name ?? this.#names.get(`${arn} ${ParentId ?? ''}`) ?? Id
      this.#answer(Id, name, callbackId, record.StartTimestamp as number)
    }
  }

  seeAll(executions: readonly StoredExecution[]): void {
    for (const { facts, operations } of executions) this.see(facts.arn, operations)
  }

  #answer(id: string, name: string, callbackId: string, madeAt: number): void {
    const { clock, answers, deliver } = this.#parts
    const answer = answers[name]
    if (!answer) return
    const due = madeAt + toMilliseconds(answer.after ?? '1s', 'after')
    clock.startTimer(due - clock.now(), () => {
      deliver(
        { id, words: `callback ${JSON.stringify(name)}` },
        () => void this.#send(callbackId, answer),
      )
    })
  }

  async #send(CallbackId: string, answer: CallbackAnswer): Promise<void> {
    const service = this.#parts.service()
    const sent =
      'succeed' in answer
        ? service.sendDurableExecutionCallbackSuccess({
            CallbackId,
            Result: answer.succeed === undefined ? undefined : JSON.stringify(answer.succeed),
          })
        : service.sendDurableExecutionCallbackFailure({
            CallbackId,
            Error: { ErrorType: answer.fail.type ?? 'Error', ErrorMessage: answer.fail.message },
          })
    // One that comes too late is refused, which the sender has to live with.
    await sent.catch(() => undefined)
  }
}
