import type { Settled } from '../../../lib/kernel/settled.ts'
import type { StepContext } from '../../../lib/operations/workflow.ts'
import type { Pace } from './pace.ts'
import type { CallbackAnswer } from './plan.ts'
import type { Body, Entry } from './transcript.ts'

/** What a body is, and how long it takes. */
export interface Performance extends Omit<Body, 'id' | 'attempt'> {
  readonly context: StepContext
  readonly pace: Pace
}

/** What a stage is part of. */
export interface House {
  /** Of all entries; `note` adds one. */
  note(entry: Entry): void
  /** Asks whether the process is to die here, at the n-th body of the run. */
  diesAt(when: 'begin' | 'end', body: number): boolean
  nextBody(): number
  expect(callbackId: string, answer: CallbackAnswer): void
  /** Lets so much time pass. */
  pass(pace: Pace): Promise<void>
}

/** Where one invocation performs a plan: hears all that its code does, and may end it in the middle. */
export class Stage {
  readonly #house: House
  readonly #invocation: number
  readonly #crash: () => void

  constructor(house: House, invocation: number, crash: () => void) {
    this.#house = house
    this.#invocation = invocation
    this.#crash = crash
  }

  saw(place: string, outcome: Settled): void {
    this.#house.note({ invocation: this.#invocation, what: 'saw', place, outcome })
  }

  enters(place: string): void {
    this.#house.note({ invocation: this.#invocation, what: 'enters', place })
  }

  cleansUp(place: string, isThrough: boolean): void {
    this.#house.note({ invocation: this.#invocation, what: 'cleansUp', place, isThrough })
  }

  expect(callbackId: string, answer: CallbackAnswer): void {
    this.#house.expect(callbackId, answer)
  }

  body<T>({ context, pace, ...rest }: Performance, produce: () => T): T | Promise<T> {
    const { operationId: id, attempt } = context
    const facts = { invocation: this.#invocation, ...rest, id, attempt }
    const place = this.#house.nextBody()
    const begin = (): void => {
      this.#house.note({ ...facts, what: 'began' })
      this.#dieAt('begin', place)
    }
    const end = (): T => {
      try {
        return produce()
      } finally {
        this.#house.note({ ...facts, what: 'ended' })
        this.#dieAt('end', place)
      }
    }
    if (pace === 0) {
      begin()
      return end()
    }
    return (async () => {
      begin()
      await this.#house.pass(pace)
      return end()
    })()
  }

  #dieAt(when: 'begin' | 'end', place: number): void {
    if (!this.#house.diesAt(when, place)) return
    this.#house.note({ invocation: this.#invocation, what: 'crashed' })
    this.#crash()
    throw new Error('The process has died.')
  }
}
