import { PerdureError } from '../../kernel/errors.ts'
import { History } from './history.ts'
import { namesOf } from './words.ts'

/** Why nothing more will be heard of an execution: in words, or an error where that is wrong in itself. */
export type Closing = string | Error

interface Waiter {
  /** Whether what is waited for has happened. */
  readonly look: () => boolean
  readonly giveUp: (closing: Closing) => void
}

export interface WatchOptions {
  /** Hears when somebody begins to wait, and when nobody does any longer. */
  readonly onDemand?: (isWanted: boolean) => void
}

/** Follows one execution by its events, and tells those who wait for something in it. */
export class Watch {
  readonly history = new History()
  readonly #waiters = new Set<Waiter>()
  readonly #options: WatchOptions
  #closing: Closing | undefined

  constructor(options: WatchOptions = {}) {
    this.#options = options
  }

  get isClosed(): boolean {
    return this.#closing !== undefined
  }

  /** To be called when the history has grown. */
  look(): void {
    for (const waiter of this.#waiters) if (waiter.look()) this.#leave(waiter)
  }

  /** To be called when nothing more will come. */
  close(closing: Closing): void {
    if (this.isClosed) return
    this.#closing = closing
    this.look()
    for (const waiter of this.#waiters) {
      waiter.giveUp(closing)
      this.#leave(waiter)
    }
  }

  /** Resolves when the execution is over, however it is. */
  whenClosed(): Promise<Closing> {
    return this.until(() => this.#closing, 'an end')
  }

  /** Waits until `find` finds something; `what` names it should it never come. */
  until<T>(find: () => T | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = find()
        if (found !== undefined) resolve(found)
        return found !== undefined
      }
      const giveUp = (closing: Closing) => {
        reject(typeof closing === 'string' ? neverHappened(what, closing, this.history) : closing)
      }
      if (look()) return
      if (this.#closing !== undefined) return void giveUp(this.#closing)
      this.#waiters.add({ look, giveUp })
      if (this.#waiters.size === 1) this.#options.onDemand?.(true)
    })
  }

  #leave(waiter: Waiter): void {
    this.#waiters.delete(waiter)
    if (this.#waiters.size === 0) this.#options.onDemand?.(false)
  }
}

function neverHappened(what: string, closing: string, history: History): PerdureError {
  const names = namesOf(history.operations)
  return new PerdureError(
    'NEVER_HAPPENED',
    `The execution ${closing} without ${what}.\n` +
      (names === '' ? 'It had no operations.' : `It had ${names}.`),
  )
}
