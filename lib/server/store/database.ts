import Database from 'libsql'
import { openFailure, tooNew, unusable } from './failures.ts'
import { applicationId, migrate, schemaVersion } from './schema.ts'

/** A statement whose rows are arrays; a row has the columns in the order that they are named in. */
export interface Query<Row extends readonly unknown[]> {
  all(...parameters: Parameter[]): Row[]
  get(...parameters: Parameter[]): Row | undefined
}

export interface Command {
  run(...parameters: Parameter[]): { readonly changes: number }
}

type Parameter = string | number | null

/**
 * Opens the database in `file`, or makes it; `:memory:` keeps nothing. It is ours alone until it is
 * closed, at once durable, and of the newest schema. Throws a `PerdureError` when that cannot be.
 */
export function openDatabase(file: string): Database.Database {
  let database: Database.Database | undefined
  try {
    database = new Database(file)
    // The lock comes with the first access, and SQLite holds it until the process ends, however.
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    const version = checkSchema(database, file)
    database.exec('PRAGMA auto_vacuum = INCREMENTAL') // heeded only while the file is empty
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864')
    database.exec('BEGIN IMMEDIATE; COMMIT')
    migrate(database, version)
    return database
  } catch (cause) {
    if (database) release(database)
    throw openFailure(file, cause)
  }
}

/** Leaves a single file that another process may open. Statements made before must not be used. */
export function closeDatabase(database: Database.Database): void {
  // Statements that wait for the garbage collector would keep the lock. It cannot be given up in
  // this journal mode.
  database.exec('PRAGMA journal_mode = DELETE')
  release(database)
}

export function query<Row extends readonly unknown[]>(
  database: Database.Database,
  sql: string,
): Query<Row> {
  // The driver knows no types of rows; each use names those of its columns.
  return database.prepare(sql).raw() as unknown as Query<Row>
}

export function command(database: Database.Database, sql: string): Command {
  return database.prepare<Parameter[]>(sql)
}

function checkSchema(database: Database.Database, file: string): number {
  const numberOf = (sql: string) => query<[number]>(database, sql).get()?.[0] ?? 0
  const version = numberOf('PRAGMA user_version')
  const tables = numberOf('SELECT count(*) FROM sqlite_schema')
  if (tables === 0 && version === 0) return 0
  if (numberOf('PRAGMA application_id') !== applicationId) {
    throw unusable(file, 'it is the database of another program')
  }
  if (version > schemaVersion) throw tooNew(file, version, schemaVersion)
  return version
}

function release(database: Database.Database): void {
  try {
    database.exec('PRAGMA locking_mode = NORMAL; SELECT count(*) FROM sqlite_schema')
  } catch {
    // There was no lock to give up.
  }
  database.close()
}
