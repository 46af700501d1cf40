import type Database from 'libsql'
import { command, query } from './database.ts'
import type { GroupCommit } from './group-commit.ts'

/** A value that the next process finds where this one has left it. */
export interface Kept<T> {
  read(): T | undefined
  write(value: T): void
}

/** Keeps a value beside what is stored, and in the same transactions. */
export function keptValue<T>(
  database: Database.Database,
  commit: GroupCommit,
  name: string,
): Kept<T> {
  const select = query<[string]>(database, 'SELECT value FROM meta WHERE name = ?')
  const replace = command(database, 'INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)')
  return {
    read: () => {
      commit.check()
      const row = select.get(name)
      return row && (JSON.parse(row[0]) as T)
    },
    write: (value) => commit.write(() => void replace.run(name, JSON.stringify(value))),
  }
}
