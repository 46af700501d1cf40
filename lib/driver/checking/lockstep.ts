import { failed, succeeded, type Settled } from '../../kernel/settled.ts'
import type { Begin } from '../../operations/member.ts'
import { timesAsked, type Operation } from '../../operations/operation.ts'
import { standingLine } from '../lines.ts'

/** What code did when it was given an answer. */
export type Move =
  | { readonly did: 'yield' | 'return'; readonly value: unknown }
  | { readonly did: 'throw'; readonly value: unknown }

/** Who makes two runs of the same code one. */
export interface Referee {
  /** Has both go on with their answer, and tells what they did. Throws where they are no longer the same. */
  goOn(outcome: Settled, first: Walk, second: Walk): Move
  /** Begins one of them. */
  begin(body: Begin): ReturnType<Begin>
}

/** Two runs of a body on the same answers, in the shape of one: the first goes on where they agree. */
export class Lockstep implements Iterator<Operation<unknown>, unknown> {
  readonly #referee: Referee
  readonly #first: Walk
  readonly #second: Walk

  constructor(referee: Referee, first: Begin, second: Begin) {
    this.#referee = referee
    this.#first = new Walk(() => referee.begin(first))
    this.#second = new Walk(() => referee.begin(second))
  }

  [Symbol.iterator](): this {
    return this
  }

  next(answer?: unknown): IteratorResult<Operation<unknown>, unknown> {
    return this.#go(succeeded(answer))
  }

  throw(error: unknown): IteratorResult<Operation<unknown>, unknown> {
    return this.#go(failed(error))
  }

  #go(outcome: Settled): IteratorResult<Operation<unknown>, unknown> {
    const move = this.#referee.goOn(outcome, this.#first, this.#second)
    if (move.did === 'throw') throw move.value
    return move.did === 'return'
      ? { done: true, value: move.value }
      : { done: false, value: move.value as Operation<unknown> }
  }
}

/** One run of a body, begun when it is first gone on with. */
export class Walk {
  readonly #begin: Begin
  #iterator: ReturnType<Begin> | undefined
  /** The operation that it stands at; a bare `yield` is no place to ask about. */
  #standsAt: unknown

  constructor(begin: Begin) {
    this.#begin = begin
  }

  go(outcome: Settled): Move {
    this.#standsAt = undefined
    const before = timesAsked()
    try {
      const iterator = (this.#iterator ??= this.#begin())
      const { done, value } = outcome.ok
        ? iterator.next(outcome.value)
        : this.#throw(iterator, outcome.error)
      if (done === true) return { did: 'return', value }
      if (timesAsked() > before) this.#standsAt = value
      return { did: 'yield', value }
    } catch (error) {
      return { did: 'throw', value: error }
    }
  }

  /** The line on which it asks for `operation`, where that is what it stands at. */
  lineAt(operation: unknown): string | undefined {
    if (this.#iterator === undefined || this.#standsAt !== operation) return undefined
    return standingLine(this.#iterator)
  }

  #throw(iterator: ReturnType<Begin>, error: unknown): IteratorResult<unknown, unknown> {
    if (iterator.throw === undefined) throw error
    return iterator.throw(error)
  }
}
