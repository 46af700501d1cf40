import type { CallbackRecord } from '../../journal/record.ts'
import { toMilliseconds } from '../../kernel/duration.ts'
import type { LambdaService } from '../../service/service.ts'
import type { StoredExecution, StoredOperation } from '../../service/store.ts'
import type { Clock } from '../../kernel/clock.ts'
import { failureOf, payloadOf } from '../runner/handle.ts'
import { CallbackTurns, type Sent, type Timed } from '../callback-turns.ts'
import type { CallbackScripts } from '../scenario.ts'
import type { Place } from './points.ts'

export interface OutsideParts {
  readonly clock: Clock
  readonly answers: CallbackScripts
  readonly service: () => LambdaService
  /** Sends an answer, at once or when its turn has come. */
  readonly deliver: (what: Place, send: () => void) => void
}

/** Whoever answers callbacks: sees each as soon as it is on record, and answers when its time has come. */
export class Outside {
  readonly #parts: OutsideParts
  /** What callbacks go by, by their ids. */
  readonly #seen = new Map<string, string>()
  readonly #turns: CallbackTurns
  /** Of contexts, by execution and id: a callback may go by the name of the one around it. */
  readonly #names = new Map<string, string>()

  constructor(parts: OutsideParts) {
    this.#parts = parts
    this.#turns = new CallbackTurns(parts.answers)
  }

  /** Names that there is an answer for and that no callback had. */
  get unused(): string[] {
    return this.#turns.unused
  }

  see(arn: string, operations: readonly StoredOperation[]): void {
    for (const { record } of operations) {
      const { Id, Name, ParentId, Type } = record
      if (Type === 'CONTEXT' && Name != null) this.#names.set(`${arn} ${Id}`, Name)
      if (record.Type !== 'CALLBACK') continue
      const callbackId = record.CallbackDetails?.CallbackId
      if (callbackId === undefined || this.#seen.has(callbackId)) continue
      const name = Name ?? this.#names.get(`${arn} ${ParentId ?? ''}`) ?? Id
      this.#seen.set(callbackId, name)
      const answer = this.#turns.next(name)
      if (record.Status !== 'STARTED' || answer === undefined || answer === 'timeout') continue
      this.#answer({ id: Id, name, callbackId }, answer, record.StartTimestamp as number)
    }
  }

  /** The name that a callback is answered by. */
  nameOf({ Name, CallbackDetails }: CallbackRecord): string | undefined {
    return this.#seen.get(CallbackDetails?.CallbackId ?? '') ?? Name
  }

  seeAll(executions: readonly StoredExecution[]): void {
    for (const { facts, operations } of executions) this.see(facts.arn, operations)
  }

  #answer({ id, name, callbackId }: Made, answer: Timed, madeAt: number): void {
    const { clock, deliver } = this.#parts
    const due = madeAt + toMilliseconds(answer.after ?? '1s', 'after')
    this.#beat(callbackId, answer, madeAt, due)
    if ('timeout' in answer) return
    clock.startTimer(due - clock.now(), () => {
      deliver(
        { id, words: `callback ${JSON.stringify(name)}` },
        () => void this.#send(callbackId, answer),
      )
    })
  }

  #beat(CallbackId: string, { heartbeat }: Timed, last: number, until: number): void {
    const { clock, service } = this.#parts
    if (heartbeat === undefined) return
    const next = last + toMilliseconds(heartbeat, 'heartbeat')
    if (next >= until) return
    clock.startTimer(Math.max(0, next - clock.now()), () => {
      void service().sendDurableExecutionCallbackHeartbeat({ CallbackId }).catch(late)
      this.#beat(CallbackId, { heartbeat, timeout: true }, next, until)
    })
  }

  async #send(CallbackId: string, answer: Sent): Promise<void> {
    const service = this.#parts.service()
    const sent =
      'succeed' in answer
        ? service.sendDurableExecutionCallbackSuccess({
            CallbackId,
            Result: await payloadOf(answer.succeed, answer.serdes),
          })
        : service.sendDurableExecutionCallbackFailure({
            CallbackId,
            Error: failureOf(answer.fail),
          })
    await sent.catch(late)
  }
}

interface Made {
  readonly id: string
  readonly name: string
  readonly callbackId: string
}

/** One that comes too late is refused, which the sender has to live with. */
function late(): void {
  // Whoever waits for the callback sees that it timed out.
}
