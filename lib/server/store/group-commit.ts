import type Database from 'libsql'
import { nextTurn, systemClock, type Clock, type Timer } from '../../kernel/clock.ts'
import type { PerdureError } from '../../kernel/errors.ts'
import type { Durability } from '../ports.ts'
import { closeDatabase } from './database.ts'
import { closedStore, writeFailure } from './failures.ts'

// One transaction for all that is written in a turn of the event loop.
//
//   G1. The transaction begins with the first write of a turn and is committed at the turn's end.
//       One wait for the disk serves all who were there.
//   G2. `committed()` speaks of all writes before it, and resolves only after the disk has them.
//   G3. What nobody waits for begins no transaction of its own: it goes with the next one, or after a
//       moment. A kill may lose the output of that moment, and nothing else.
//   G4. When a write or a commit fails, what the process knows and what the disk holds differ. So
//       nothing is written, read or confirmed any more: everything fails with that first failure.

interface Turn {
  readonly done: Promise<void>
  readonly resolve: () => void
  readonly reject: (failure: PerdureError) => void
}

export interface GroupCommitOptions {
  readonly file: string
  /** Told of the first failure, once; nothing works from then on. */
  readonly onFailure?: ((failure: PerdureError) => void) | undefined
  /** By which a moment is measured. */
  readonly clock?: Clock
}

/** How long what nobody waits for may wait for company, and how much of it. */
const momentMilliseconds = 100
const mostLate = 1000

export class GroupCommit implements Durability {
  readonly #database: Database.Database
  readonly #options: GroupCommitOptions
  #turn: Turn | undefined
  readonly #late: (() => void)[] = []
  #moment: Timer | undefined
  #failure: PerdureError | undefined
  #isClosed = false
  #commits = 0

  constructor(database: Database.Database, options: GroupCommitOptions) {
    this.#database = database
    this.#options = options
  }

  /** How many transactions have been committed. */
  get commits(): number {
    return this.#commits
  }

  /** Does `work`, which writes, in the transaction of this turn. */
  write(work: () => void): void {
    this.check()
    try {
      if (!this.#turn) this.#begin()
      this.#moment?.cancel()
      this.#moment = undefined
      for (const late of this.#late.splice(0)) late()
      work()
    } catch (cause) {
      throw this.#fail(cause)
    }
  }

  /** Does `work`, which writes what nobody waits for, in the next transaction (G3). */
  writeLater(work: () => void): void {
    this.check()
    this.#late.push(work)
    if (this.#turn || this.#late.length >= mostLate) return this.catchUp()
    const { clock = systemClock } = this.#options
    this.#moment ??= clock.startTimer(momentMilliseconds, () => this.#catchUpAlone())
  }

  /** Writes what has been waiting, for those who are about to read. */
  catchUp(): void {
    if (this.#late.length > 0) this.write(() => {})
  }

  committed(): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure)
    return this.#turn?.done ?? Promise.resolve()
  }

  /** Throws unless all that was written is, or may still be, kept. */
  check(): void {
    if (this.#failure) throw this.#failure
  }

  /** Commits what is open, and gives the file back. */
  close(): void {
    if (this.#isClosed) return
    this.#catchUpAlone()
    this.#isClosed = true
    this.#moment?.cancel()
    this.#commit()
    this.#failure ??= closedStore(this.#options.file)
    closeDatabase(this.#database)
  }

  /** With no caller to hear of a failure: who has to know of it is told all the same. */
  #catchUpAlone(): void {
    if (this.#failure) return
    try {
      this.catchUp()
    } catch {
      // The first failure has been told.
    }
  }

  #begin(): void {
    this.#database.exec('BEGIN IMMEDIATE')
    this.#turn = newTurn()
    nextTurn(() => this.#commit())
  }

  #commit(): void {
    const turn = this.#turn
    if (!turn) return
    try {
      this.#database.exec('COMMIT')
    } catch (cause) {
      this.#fail(cause)
      return
    }
    this.#turn = undefined
    this.#commits += 1
    turn.resolve()
  }

  #fail(cause: unknown): PerdureError {
    if (this.#failure) return this.#failure
    const failure = writeFailure(this.#options.file, cause)
    this.#failure = failure
    try {
      this.#database.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back by itself.
    }
    this.#turn?.reject(failure)
    this.#turn = undefined
    this.#options.onFailure?.(failure)
    return failure
  }
}

function newTurn(): Turn {
  let resolve: () => void = () => {}
  let reject: (failure: PerdureError) => void = () => {}
  const done = new Promise<void>((settle, refuse) => {
    resolve = settle
    reject = refuse
  })
  done.catch(() => {}) // perhaps nobody waits for it
  return { done, resolve, reject }
}
