// @ts-check
import { fork } from 'node:child_process'
import { once } from 'node:events'

/** @typedef {Record<string, number>} Sample */

/**
 * A contender in a process of its own, asked for one sample at a time: hooks, garbage and compiled code
 * of one are no burden to another, and a process that stays is a warm one.
 */
export class Entrant {
  #process

  /** @param {'perdure' | 'official' | 'floor'} name */
  constructor(name) {
    const rig = new URL('rig.mjs', import.meta.url)
    this.name = name
    this.#process = fork(rig, [name], { execArgv: ['--expose-gc'] })
  }

  /**
   * @param {string} figure whose `sample` is to be taken
   * @param {object} question what it is to be taken of
   * @returns {Promise<Sample>}
   */
  async ask(figure, question) {
    const ended = new AbortController()
    const gone = once(this.#process, 'exit', ended).then(([code]) => {
      throw new Error(`The process of ${this.name} has ended with code ${code}.`)
    })
    gone.catch(() => undefined)
    this.#process.send({ figure, question })
    const [{ sample, error }] = await Promise.race([once(this.#process, 'message', ended), gone])
    ended.abort()
    if (error !== undefined) throw new Error(error)
    return sample
  }

  stop() {
    this.#process.disconnect()
  }
}
