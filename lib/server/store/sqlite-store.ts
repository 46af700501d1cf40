import type Database from 'libsql'
import type { StoredEvent } from '../../service/history.ts'
import type {
  ExecutionChange,
  ExecutionFacts,
  ExecutionProgress,
  Store,
  StoredExecution,
  StoredOperation,
} from '../../service/store.ts'
import { command, query, type Command } from './database.ts'
import type { GroupCommit } from './group-commit.ts'

/** Four megabytes. */
const sparePages = 1024

/** Keeps executions in a SQLite file. What is saved is on disk when `commit` says so. */
export class SqliteStore implements Store {
  readonly #database: Database.Database
  readonly #commit: GroupCommit
  readonly #reads: ReturnType<typeof prepareReads>
  readonly #writes: ReturnType<typeof prepareWrites>

  constructor(database: Database.Database, commit: GroupCommit) {
    this.#database = database
    this.#commit = commit
    this.#reads = prepareReads(database)
    this.#writes = prepareWrites(database)
  }

  /** Operations and events are read when they are asked for. */
  *load(): Iterable<StoredExecution> {
    this.#commit.check()
    for (const [ordinal] of this.#reads.ordinals.all()) {
      const stored = this.#stored(ordinal)
      if (stored) yield stored
    }
  }

  read(arn: string): StoredExecution | undefined {
    this.#commit.check()
    const ordinal = this.#ordinalOf(arn)
    return ordinal === undefined ? undefined : this.#stored(ordinal)
  }

  save(changes: readonly ExecutionChange[]): void {
    this.#commit.write(() => {
      for (const change of changes) this.#saveOne(change)
    })
  }

  remove(arn: string): void {
    this.#commit.write(() => {
      const ordinal = this.#ordinalOf(arn)
      if (ordinal === undefined) return
      for (const removal of this.#writes.removals) removal.run(ordinal)
      this.#shrink()
    })
  }

  #saveOne({ arn, facts, progress, operations, events }: ExecutionChange): void {
    const { execution, progress: advance, operation, event } = this.#writes
    const ordinal = facts ? facts.ordinal : this.#ordinalOf(arn)
    if (ordinal === undefined) throw new Error(`Nothing is stored of ${arn} that could change.`)
    if (facts) execution.run(ordinal, arn, JSON.stringify(facts))
    advance.run(ordinal, JSON.stringify(progress))
    for (const { sequence, record, extras } of operations) {
      operation.run(
        ordinal,
        sequence,
        JSON.stringify(record),
        extras ? JSON.stringify(extras) : null,
      )
    }
    if (events.length === 0) return
    let number = this.#reads.lastEvent.get(ordinal)?.[0] ?? 0
    for (const one of events) event.run(ordinal, (number += 1), JSON.stringify(one))
  }

  #stored(ordinal: number): StoredExecution | undefined {
    const row = this.#reads.execution.get(ordinal)
    if (!row) return undefined
    const [facts, progress] = row
    const operations = () => this.#operations(ordinal)
    const events = () => this.#events(ordinal)
    return {
      facts: JSON.parse(facts) as ExecutionFacts,
      progress: JSON.parse(progress) as ExecutionProgress,
      get operations() {
        return operations()
      },
      get events() {
        return events()
      },
    }
  }

  #operations(ordinal: number): StoredOperation[] {
    return this.#reads.operations.all(ordinal).map(([sequence, record, extras]) => ({
      sequence,
      record: JSON.parse(record) as StoredOperation['record'],
      ...(extras === null
        ? {}
        : { extras: JSON.parse(extras) as NonNullable<StoredOperation['extras']> }),
    }))
  }

  #events(ordinal: number): StoredEvent[] {
    return this.#reads.events.all(ordinal).map(([event]) => JSON.parse(event) as StoredEvent)
  }

  /** Gives pages back to the file system, but for some that will be of use again soon. */
  #shrink(): void {
    const free = this.#reads.freePages.get()?.[0] ?? 0
    if (free > sparePages) this.#database.exec(`PRAGMA incremental_vacuum(${free - sparePages})`)
  }

  #ordinalOf(arn: string): number | undefined {
    return this.#reads.ordinal.get(arn)?.[0]
  }
}

function prepareReads(database: Database.Database) {
  return {
    ordinals: query<[number]>(database, 'SELECT ordinal FROM execution ORDER BY ordinal'),
    ordinal: query<[number]>(database, 'SELECT ordinal FROM execution WHERE arn = ?'),
    execution: query<[string, string]>(
      database,
      `SELECT facts, progress FROM execution JOIN progress ON execution = ordinal
       WHERE ordinal = ?`,
    ),
    operations: query<[number, string, string | null]>(
      database,
      'SELECT sequence, record, extras FROM operation WHERE execution = ? ORDER BY sequence',
    ),
    events: query<[string]>(
      database,
      'SELECT event FROM event WHERE execution = ? ORDER BY number',
    ),
    freePages: query<[number]>(database, 'PRAGMA freelist_count'),
    lastEvent: query<[number | null]>(
      database,
      'SELECT max(number) FROM event WHERE execution = ?',
    ),
  }
}

function prepareWrites(database: Database.Database) {
  const removals: Command[] = [
    ['execution', 'ordinal'],
    ['progress', 'execution'],
    ['operation', 'execution'],
    ['event', 'execution'],
    ['log', 'execution'],
  ].map(([table = '', key = '']) => command(database, `DELETE FROM ${table} WHERE ${key} = ?`))
  return {
    execution: command(database, 'INSERT INTO execution (ordinal, arn, facts) VALUES (?, ?, ?)'),
    progress: command(
      database,
      'INSERT OR REPLACE INTO progress (execution, progress) VALUES (?, ?)',
    ),
    operation: command(
      database,
      `INSERT OR REPLACE INTO operation (execution, sequence, record, extras)
       VALUES (?, ?, ?, ?)`,
    ),
    event: command(database, 'INSERT INTO event (execution, number, event) VALUES (?, ?, ?)'),
    removals,
  }
}
