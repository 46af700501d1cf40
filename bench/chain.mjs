// @ts-check
import { deepStrictEqual } from 'node:assert/strict'
import { lambdaContext } from './contenders/contender.mjs'
import { freshEvent } from './event.mjs'
import { timed } from './measure.mjs'
import { InstantService } from './service.mjs'

/**
 * How a chain of steps is run: how many of them are recorded already, what a body waits for, by how
 * many milliseconds the service's answers are late, and what is looked at on the way.
 * @typedef {object} Run
 * @property {number} [recorded]
 * @property {() => Promise<unknown>} [pause]
 * @property {number} [latency]
 * @property {() => unknown} [atStart] called when the event is parsed, before the clock starts
 * @property {() => void} [atEnd] called on the last line of the workflow
 */

/**
 * A workflow of some steps in one contender's words. Its handler is made once and invoked for every
 * run, as on Lambda.
 */
export class Chain {
  #contender
  #steps
  #service = new InstantService()
  #handler
  #bodies = 0
  /** @type {Run} */
  #run = {}

  /** @param {import('./contenders/contender.mjs').Contender} contender @param {number} steps */
  constructor(contender, steps) {
    this.#contender = contender
    this.#steps = steps
    const chain = { steps, body: this.#body, atEnd: () => this.#run.atEnd?.() }
    this.#handler = contender.chain(chain, this.#service)
  }

  /** @type {Map<number, Chain>} */
  static #made = new Map()

  /**
   * The one of so many steps in this process, which has one contender only.
   * @param {import('./contenders/contender.mjs').Contender} contender @param {number} steps
   */
  static of(contender, steps) {
    const chain = Chain.#made.get(steps) ?? new Chain(contender, steps)
    Chain.#made.set(steps, chain)
    return chain
  }

  /**
   * Runs from the parsed event to the answer. The time of a run that went wrong is worth nothing, so
   * the result, the bodies that ran and the records they left are all checked.
   * @param {Run} [run]
   */
  async run(run = {}) {
    const { recorded = 0, latency, atStart } = run
    this.#run = run
    this.#bodies = 0
    this.#service.restart(latency)
    const event = freshEvent(this.#contender, recorded)
    atStart?.()
    const { ms, answer } = await timed(() => this.#handler(event, lambdaContext))

    const fresh = this.#steps - recorded
    const sum = (this.#steps * (this.#steps + 1)) / 2
    this.#expect('the answer', answer, { Status: 'SUCCEEDED', Result: String(sum) })
    this.#expect('bodies', this.#bodies, fresh)
    this.#expect('records', this.#service.succeeded, fresh)
    if (fresh === 0) this.#expect('calls of a replay', this.#service.calls, 0)
    // Keeps the event alive to here, so that its bytes cannot come free while the heap is read.
    this.#expect('the event', event.InitialExecutionState.Operations.length, recorded + 1)
    return { ms, calls: this.#service.calls }
  }

  #body = async (/** @type {number} */ position) => {
    this.#bodies += 1
    if (this.#run.pause) await this.#run.pause()
    return { value: position }
  }

  /** @param {string} what @param {unknown} found @param {unknown} expected */
  #expect(what, found, expected) {
    deepStrictEqual(found, expected, `${this.#contender.name}, ${this.#steps} steps: ${what}`)
  }
}
