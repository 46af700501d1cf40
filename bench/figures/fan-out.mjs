// @ts-check
import { deepStrictEqual } from 'node:assert/strict'
import { lambdaContext } from '../contenders/contender.mjs'
import { textOf } from '../event.mjs'
import { collectGarbage, mediansOf, timed } from '../measure.mjs'
import { InstantService } from '../service.mjs'
import { figure } from '../table.mjs'

const many = 5_000
const some = 1_000
const groups = 50

/**
 * Fan-outs of one-step items: fresh ones, one of few places with a service that is away, and the
 * replay of unfinished ones, in which every item is done and only the whole is not.
 * @param {import('../bench.mjs').Field} field
 */
export async function fanOutFigures({ perdure, official, quick }) {
  const entrants = [perdure, official]
  const effort = quick ? { runs: 3, warmUps: 2 } : { runs: 11, warmUps: 4 }
  const replayEffort = quick ? { runs: 5, warmUps: 5 } : { runs: 15, warmUps: 15 }
  const fresh = await mediansOf(entrants, 'fan-out', { items: many }, effort)
  const watched = { items: many, heap: true }
  const heap = await mediansOf(entrants, 'fan-out', watched, { runs: quick ? 1 : 5, warmUps: 1 })
  const placed = { items: some, maxConcurrency: 10, latency: 20 }
  const away = await mediansOf(entrants, 'fan-out', placed, { runs: quick ? 1 : 3, warmUps: 1 })
  const flat = await mediansOf(entrants, 'fan-out', { items: many, replay: true }, replayEffort)
  const nested = { items: many, groups, replay: true }
  const deep = await mediansOf(entrants, 'fan-out', nested, replayEffort)
  return [
    figure('fresh map of 5,000: CPU', 'ms', fresh, 'cpu', { timesLess: 5 }),
    figure('  peak heap, above what was before', 'MiB', heap, 'heap', { under: 30 }),
    figure('  calls', '', fresh, 'calls', { upTo: 65 }),
    figure('map of 1,000, 10 at once, 20 ms away: time', 'ms', away, 'ms', { upTo: 400 }),
    figure('  calls', '', away, 'calls', { upTo: 20 }),
    figure('replay of a map of 5,000: time', 'ms', flat, 'ms', { timesLess: 8 }),
    figure('  CPU', 'ms', flat, 'cpu'),
    figure('replay of a map of 50 maps of 100: time', 'ms', deep, 'ms', { timesLess: 6 }),
    figure('  CPU', 'ms', deep, 'cpu'),
  ]
}

/**
 * @typedef {object} Question
 * @property {number} items
 * @property {number} [groups]
 * @property {number} [maxConcurrency]
 * @property {number} [latency]
 * @property {boolean} [heap] look at it: apart from times, because the full collection before it throws
 *   compiled code away
 * @property {boolean} [replay] of what a fresh run has recorded, all but the ends of the fan-outs
 */

/**
 * @param {import('../contenders/contender.mjs').Contender} contender
 * @param {Question} question
 */
export async function sample(contender, question) {
  const rig = rigOf(contender, question)
  return question.replay ? rig.replay() : rig.fresh()
}

/** @type {Map<string, Rig>} */
const rigs = new Map()

/** The same for the same question: a handler is made once. @param {import('../contenders/contender.mjs').Contender} contender @param {Question} question */
function rigOf(contender, question) {
  const key = JSON.stringify(question)
  const rig = rigs.get(key) ?? new Rig(contender, question)
  rigs.set(key, rig)
  return rig
}

class Rig {
  #question
  #service = new InstantService()
  #handler
  #title
  #bodies = 0
  #peak = 0
  #recorded = ''

  /** @param {import('../contenders/contender.mjs').Contender} contender @param {Question} question */
  constructor(contender, question) {
    const { items, groups, maxConcurrency } = question
    this.#question = question
    this.#title = `${contender.name}, ${JSON.stringify(question)}`
    const fanOut = { items, body: this.#body, ...(groups && { groups }) }
    this.#handler = contender.fanOut(
      { ...fanOut, ...(maxConcurrency && { maxConcurrency }) },
      this.#service,
    )
  }

  async fresh() {
    const { items, latency, heap = false } = this.#question
    this.#service.restart(latency)
    this.#bodies = 0
    const event = JSON.parse(textOf([]))
    if (heap) collectGarbage()
    const before = heap ? process.memoryUsage().heapUsed : 0
    this.#peak = before
    this.#service.onCall = () => this.#look()
    const { ms, cpu, answer } = await timed(() => this.#handler(event, lambdaContext))
    this.#look()
    this.#check(answer, items)
    this.#expectRecords()
    return { ms, cpu, calls: this.#service.calls, heap: (this.#peak - before) / 2 ** 20 }
  }

  async replay() {
    if (this.#recorded === '') this.#recorded = await this.#record()
    this.#service.restart()
    this.#service.onCall = () => {}
    this.#bodies = 0
    const event = JSON.parse(this.#recorded)
    const { ms, cpu, answer } = await timed(() => this.#handler(event, lambdaContext))
    this.#check(answer, 0)
    return { ms, cpu, calls: this.#service.calls }
  }

  /** The event of an invocation that finds every item done, and no fan-out at its end. */
  async #record() {
    await this.fresh()
    const open = ['Map', ...(this.#question.groups ? ['group'] : [])]
    const records = this.#service.records
    const outermost = records.find(({ SubType }) => SubType === 'Map')?.Id
    const unfinished = records.map((record) => {
      const isGroup = record.SubType === 'MapIteration' && record.ParentId === outermost
      const kind = isGroup ? 'group' : String(record.SubType)
      if (!open.includes(kind)) return record
      return { ...record, EndTimestamp: undefined, Status: 'STARTED', ContextDetails: {} }
    })
    return textOf(unfinished)
  }

  #look() {
    if (!this.#question.heap) return
    this.#peak = Math.max(this.#peak, process.memoryUsage().heapUsed)
  }

  #body = async (/** @type {number} */ position) => {
    this.#bodies += 1
    if (this.#bodies % 250 === 0) this.#look()
    return { value: position }
  }

  /** @param {unknown} answer @param {number} bodies */
  #check(answer, bodies) {
    const { items } = this.#question
    const sum = String((items * (items + 1)) / 2)
    deepStrictEqual(answer, { Status: 'SUCCEEDED', Result: sum }, `${this.#title}: the answer`)
    deepStrictEqual(this.#bodies, bodies, `${this.#title}: bodies`)
  }

  /** Each item a context and a step, each group a context and a fan-out, and the whole: all succeeded. */
  #expectRecords() {
    const { items, groups = 0 } = this.#question
    const expected = 2 * items + 2 * groups + 1
    deepStrictEqual(this.#service.succeeded, expected, `${this.#title}: records that succeeded`)
  }
}
