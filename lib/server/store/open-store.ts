import type { PerdureError } from '../../kernel/errors.ts'
import type { ClockReading } from '../clock/reading.ts'
import type { Durability } from '../ports.ts'
import { openDatabase } from './database.ts'
import { GroupCommit } from './group-commit.ts'
import { keptValue, type Kept } from './kept-value.ts'
import { SqliteLogs, type LogLimits } from './sqlite-logs.ts'
import { SqliteStore } from './sqlite-store.ts'

export interface StoreOptions {
  /** Path of the file, which is made if need be; `:memory:` for none. */
  readonly file: string
  /** Told once that writing has failed: nothing works from then on, and the server should end. */
  readonly onFailure?: ((failure: PerdureError) => void) | undefined
  readonly logs?: Partial<LogLimits> | undefined
}

/** All that the local service keeps, in one file. */
export interface OpenStore {
  readonly store: SqliteStore
  readonly logs: SqliteLogs
  readonly clock: Kept<ClockReading>
  /** The process that ends the functions' processes, should the server be killed. */
  readonly reaper: Kept<number>
  readonly durability: Durability
  /** Commits what is open, and gives the file back. */
  readonly close: () => void
}

/** Throws a `PerdureError` with a code `STORE_…` when the file cannot be had. */
export function openStore({ file, onFailure, logs }: StoreOptions): OpenStore {
  const database = openDatabase(file)
  const commit = new GroupCommit(database, { file, onFailure })
  return {
    store: new SqliteStore(database, commit),
    logs: new SqliteLogs(database, commit, logs),
    clock: keptValue(database, commit, 'clock'),
    reaper: keptValue(database, commit, 'reaper'),
    durability: commit,
    close: () => commit.close(),
  }
}
