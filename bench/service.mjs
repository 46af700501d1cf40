// @ts-check
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * @typedef {object} Update
 * @property {string} Id
 * @property {string} Type
 * @property {string} Action
 * @property {string} [SubType]
 * @property {string} [ParentId]
 * @property {string} [Name]
 * @property {string} [Payload]
 * @property {{ WaitSeconds?: number }} [WaitOptions]
 * @property {{ ReplayChildren?: boolean }} [ContextOptions]
 */

/**
 * The durable service as far as steps, waits and contexts need it, in memory: applies every update, and answers
 * with the operations it changed and a fresh token. Both contenders talk to the same code.
 */
export class InstantService {
  calls = 0
  updates = 0
  /** Milliseconds spent in making answers, latency not counted. */
  busy = 0
  /** @type {Map<string, Record<string, unknown>>} */
  #records = new Map()
  #latency = 0
  /** Called before each call is worked on. */
  onCall = () => {}

  /**
   * Forgets what it knew, for a fresh execution.
   * @param {number} latency milliseconds by which each answer is late
   */
  restart(latency = 0) {
    this.calls = 0
    this.updates = 0
    this.busy = 0
    this.#records = new Map()
    this.#latency = latency
  }

  /** @param {object} request @returns {Promise<object>} */
  async checkpoint(request) {
    const began = performance.now()
    const { CheckpointToken: token, Updates: updates = [] } =
      /** @type {{ CheckpointToken: string, Updates?: Update[] }} */ (request)
    this.onCall()
    if (token !== tokenOf(this.calls)) throw new Error(`Invalid checkpoint token ${token}`)
    this.calls += 1
    this.updates += updates.length
    const now = new Date()
    /** @type {Map<string, object>} */
    const changed = new Map()
    for (const update of updates) changed.set(update.Id, this.#apply(update, now))
    const answer = {
      CheckpointToken: tokenOf(this.calls),
      NewExecutionState: { Operations: [...changed.values()] },
    }
    this.busy += performance.now() - began
    if (this.#latency > 0) await sleep(this.#latency)
    return answer
  }

  /** @returns {Promise<object>} */
  async getExecutionState() {
    throw new Error('No event of the bench has a second page.')
  }

  /** How many operations have succeeded. */
  get succeeded() {
    return [...this.#records.values()].filter(({ Status }) => Status === 'SUCCEEDED').length
  }

  /** All that it knows, in the order in which it was begun. */
  get records() {
    return [...this.#records.values()]
  }

  /** @param {Update} update @param {Date} now */
  #apply(update, now) {
    const known = this.#records.get(update.Id)
    if (update.Action === 'START' && known) throw new Error(`${update.Id} was started twice.`)
    const { Id, Type, SubType, ParentId, Name } = update
    const record = {
      Id,
      Type,
      SubType,
      ParentId,
      Name,
      StartTimestamp: known?.StartTimestamp ?? now,
      ...outcomeOf(update, now),
    }
    this.#records.set(Id, record)
    return record
  }
}

/** The token of the event that starts an execution. */
export const firstToken = tokenOf(0)

/** @param {number} calls */
function tokenOf(calls) {
  return Buffer.from(`checkpoint ${calls}`).toString('base64')
}

/** @param {Update} update @param {Date} now */
function outcomeOf({ Type, Action, Payload, WaitOptions, ContextOptions }, now) {
  switch (`${Type} ${Action}`) {
    case 'STEP START':
      return { Status: 'STARTED', StepDetails: { Attempt: 0 } }
    case 'STEP SUCCEED':
      return {
        Status: 'SUCCEEDED',
        EndTimestamp: now,
        StepDetails: { Attempt: 1, Result: Payload },
      }
    case 'CONTEXT START':
      return { Status: 'STARTED', ContextDetails: {} }
    case 'CONTEXT SUCCEED':
      return {
        Status: 'SUCCEEDED',
        EndTimestamp: now,
        ContextDetails: { Result: Payload, ReplayChildren: ContextOptions?.ReplayChildren },
      }
    case 'WAIT START': {
      const due = new Date(now.getTime() + (WaitOptions?.WaitSeconds ?? 0) * 1000)
      return { Status: 'STARTED', WaitDetails: { ScheduledEndTimestamp: due } }
    }
    default:
      throw new Error(`The bench has no ${Action} of a ${Type}.`)
  }
}
