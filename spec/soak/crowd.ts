import type { Api } from './api.ts'
import type { LedgerReader } from './ledger.ts'
import { kinds, type Chance, type Input } from './workload.ts'

/** One execution as those outside know it. */
export interface Known {
  readonly input: Input
  /** Of the acknowledged start. */
  arn?: string
  stopAcknowledged?: boolean
}

/** A callback that was handed out, and what was acknowledged to who answered it. */
export interface HandedOut {
  readonly id: string
  acknowledged?: 'success' | 'heartbeat'
}

/**
 * The world outside: it keeps a number of executions open, answers their callbacks and stops those
 * that would never end. Whatever gets no answer is asked again.
 */
export class Crowd {
  readonly known = new Map<string, Known>()
  readonly callbacks = new Map<string, HandedOut>()
  /** What was refused though it had to be taken. */
  readonly refusals: string[] = []
  readonly #api: Api
  readonly #chance: Chance
  readonly #ledger: LedgerReader
  readonly #size: number
  readonly #open = new Set<Known>()
  isTakingMore = true

  constructor(api: Api, chance: Chance, ledger: LedgerReader, size: number) {
    this.#api = api
    this.#chance = chance
    this.#ledger = ledger
    this.#size = size
  }

  get open(): number {
    return this.#open.size
  }

  /** Does once what is to be done now. */
  async turn(): Promise<void> {
    this.#readCallbacks()
    await Promise.all([this.#startMissing(), this.#answerCallbacks(), this.#stopEndless()])
    await this.#seeWhoEnded()
  }

  #readCallbacks(): void {
    for (const line of this.#ledger.next()) {
      if (line.what !== 'callback' || this.callbacks.has(line.id)) continue
      this.callbacks.set(line.id, { id: line.id })
    }
  }

  async #startMissing(): Promise<void> {
    while (this.isTakingMore && this.#open.size < this.#size) {
      const input = { id: `e${this.known.size + 1}`, kind: this.#chance.of(kinds) }
      const one: Known = { input }
      this.known.set(input.id, one)
      this.#open.add(one)
    }
    const unstarted = [...this.#open].filter(({ arn }) => arn === undefined)
    await Promise.all(
      unstarted.map(async (one) => {
        const reply = await this.#api.start('soak-main', one.input.id, one.input)
        if (reply.kind === 'answered') {
          one.arn = String(reply.headers['x-amz-durable-execution-arn'])
        } else if (reply.kind === 'refused') {
          this.refusals.push(`start of ${one.input.id}: ${reply.error}`)
        }
      }),
    )
  }

  /** A heartbeat first, for every other one, and then the answer. */
  async #answerCallbacks(): Promise<void> {
    const waiting = [...this.callbacks.values()].filter((one) => one.acknowledged !== 'success')
    await Promise.all(
      waiting.map(async (one) => {
        const isBeat = one.acknowledged === undefined && this.#chance.fraction() < 0.5
        const reply = isBeat
          ? await this.#api.heartbeat(one.id)
          : await this.#api.succeed(one.id, 'yes')
        if (reply.kind === 'lost') return
        // Ended already: an earlier try was taken, and its answer lost.
        const isTaken = reply.kind === 'answered' || reply.error === 'CallbackTimeoutException'
        if (!isTaken) this.refusals.push(`callback ${one.id}: ${reply.error}`)
        one.acknowledged = isBeat && reply.kind === 'answered' ? 'heartbeat' : 'success'
      }),
    )
  }

  async #stopEndless(): Promise<void> {
    const endless = [...this.#open].filter(({ input }) => input.kind === 'endless')
    await Promise.all(
      endless.map(async (one) => {
        if (one.arn === undefined || one.stopAcknowledged) return
        if (this.isTakingMore && this.#chance.fraction() < 0.7) return
        const reply = await this.#api.stop(one.arn)
        if (reply.kind === 'answered') one.stopAcknowledged = true
        else if (reply.kind === 'refused') this.refusals.push(`stop: ${reply.error}`)
      }),
    )
  }

  async #seeWhoEnded(): Promise<void> {
    const asked = [...this.#open].filter(({ arn }) => arn !== undefined)
    const reply = await this.#api.list('soak-main', ['RUNNING'])
    if (reply.kind !== 'answered') return
    const listed = reply.body['DurableExecutions'] as { DurableExecutionArn: string }[]
    const running = new Set(listed.map(({ DurableExecutionArn }) => DurableExecutionArn))
    for (const one of asked) {
      const isStopped = one.input.kind !== 'endless' || one.stopAcknowledged
      if (isStopped && !running.has(one.arn ?? '')) this.#open.delete(one)
    }
  }
}
