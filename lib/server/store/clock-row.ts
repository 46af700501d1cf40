import type Database from 'libsql'
import type { ClockKeeper, ClockReading } from '../clock/reading.ts'
import { command, query } from './database.ts'
import type { GroupCommit } from './group-commit.ts'

/** Keeps the clock's reading beside what happened by it, and in the same transactions. */
export function keepClock(database: Database.Database, commit: GroupCommit): ClockKeeper {
  const select = query<[string]>(database, `SELECT value FROM meta WHERE name = 'clock'`)
  const replace = command(database, `INSERT OR REPLACE INTO meta (name, value) VALUES ('clock', ?)`)
  return {
    read: () => {
      commit.check()
      const row = select.get()
      return row && (JSON.parse(row[0]) as ClockReading)
    },
    write: (reading) => commit.write(() => void replace.run(JSON.stringify(reading))),
  }
}
