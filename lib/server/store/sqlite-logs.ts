import type Database from 'libsql'
import type { LogLine, LogSink } from '../ports.ts'
import { command, query, type Query } from './database.ts'
import type { GroupCommit } from './group-commit.ts'

/** Sizes in characters. */
export interface LogLimits {
  /** Kept of one execution; the oldest lines go first. */
  readonly ofExecution: number
  /** Kept altogether. */
  readonly inTotal: number
  /** Kept of one line. */
  readonly ofLine: number
}

const defaultLimits: LogLimits = {
  ofExecution: 4 * 1024 * 1024,
  inTotal: 128 * 1024 * 1024,
  ofLine: 256 * 1024,
}

/** Which lines are asked for; without any member, all. */
export interface LogQuery {
  readonly executionArn?: string | undefined
  readonly requestId?: string | undefined
  readonly functionName?: string | undefined
  /** The `next` of the page before. */
  readonly after?: number | undefined
  /** Most lines of a page; 1000 when left out. */
  readonly maxLines?: number | undefined
}

/** Lines, oldest first. */
export interface LogPage {
  readonly lines: LogLine[]
  /** Where the next page begins; absent when this is the last one, up to now. */
  readonly next?: number
  /** Where lines that are yet to come begin; absent on a page without lines. */
  readonly end?: number
}

type Row = [
  number: number,
  at: number,
  execution: string | null,
  request: string | null,
  name: string,
  stream: string,
  text: string,
]

/** What a line takes up besides its text. */
const lineCost = 200
/** Below a limit by this much, so that not every line after it has to make room. */
const headroom = 0.1
const mostTallies = 1000

/** Keeps the output of functions beside their executions; it goes with them. */
export class SqliteLogs implements LogSink {
  readonly #database: Database.Database
  readonly #commit: GroupCommit
  readonly #limits: LogLimits
  readonly #statements: ReturnType<typeof prepare>
  readonly #pages = new Map<string, Query<Row>>()
  /** Characters kept of executions that wrote lately, by their ordinal. */
  readonly #tallies = new Map<number, number>()
  #total: number

  constructor(database: Database.Database, commit: GroupCommit, limits: Partial<LogLimits> = {}) {
    this.#database = database
    this.#commit = commit
    this.#limits = { ...defaultLimits, ...limits }
    this.#statements = prepare(database)
    this.#total = this.#statements.sizeOfAll.get()?.[0] ?? 0
  }

  write(line: LogLine): void {
    const { at, functionName, requestId, executionArn, stream } = line
    const text = JSON.stringify(cut(line.text, this.#limits.ofLine))
    const size = text.length + lineCost
    this.#commit.writeLater(() => {
      const { ordinal: find, insert } = this.#statements
      const ordinal = executionArn === undefined ? undefined : find.get(executionArn)?.[0]
      insert.run(at, ordinal ?? null, requestId ?? null, functionName, stream, text, size)
      if (ordinal !== undefined) this.#tally(ordinal, size)
      this.#total += size
      if (this.#total > this.#limits.inTotal) this.#trimAll()
    })
  }

  read({ executionArn, requestId, functionName, after = 0, maxLines = 1000 }: LogQuery): LogPage {
    this.#commit.check()
    this.#commit.catchUp()
    const wanted = Object.entries({
      'execution = (SELECT ordinal FROM execution WHERE arn = ?)': executionArn,
      'request = ?': requestId,
      'function = ?': functionName,
    }).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const page = this.#page(wanted.map(([condition]) => condition))
    const rows = page.all(...wanted.map(([, value]) => value), after, maxLines + 1)
    const shown = rows.slice(0, maxLines)
    const [end] = shown.at(-1) ?? []
    return {
      lines: shown.map(lineOf),
      ...(end === undefined ? {} : { end }),
      ...(end !== undefined && rows.length > maxLines ? { next: end } : {}),
    }
  }

  #page(conditions: readonly string[]): Query<Row> {
    const where = [...conditions, 'number > ?'].join(' AND ')
    const known = this.#pages.get(where)
    if (known) return known
    const page = query<Row>(
      this.#database,
      `SELECT number, at, arn, request, function, stream, text
       FROM log LEFT JOIN execution ON ordinal = execution
       WHERE ${where} ORDER BY number LIMIT ?`,
    )
    this.#pages.set(where, page)
    return page
  }

  #tally(ordinal: number, size: number): void {
    const { sizeOf, oldestOf } = this.#statements
    const known = this.#tallies.get(ordinal)
    const kept = known === undefined ? (sizeOf.get(ordinal)?.[0] ?? 0) : known + size
    const limit = this.#limits.ofExecution
    const freed = kept > limit ? this.#trim(kept, limit, () => oldestOf.all(ordinal)) : 0
    if (this.#tallies.size > mostTallies) this.#tallies.clear()
    this.#tallies.set(ordinal, kept - freed)
    this.#total -= freed
  }

  #trimAll(): void {
    const { sizeOfAll, oldest } = this.#statements
    // Lines that went with their executions have not been subtracted.
    const kept = sizeOfAll.get()?.[0] ?? 0
    const limit = this.#limits.inTotal
    this.#total = kept
    if (kept <= limit) return
    this.#total -= this.#trim(kept, limit, () => oldest.all())
    this.#tallies.clear()
  }

  /** Deletes the oldest lines until what is left is well below the limit. Answers what was freed. */
  #trim(kept: number, limit: number, oldest: () => [number, number][]): number {
    const goal = kept - limit * (1 - headroom)
    let freed = 0
    while (freed < goal) {
      const lines = oldest()
      for (const [number, size] of lines) {
        if (freed >= goal) break
        this.#statements.delete.run(number)
        freed += size
      }
      if (lines.length === 0) break
    }
    return freed
  }
}

function prepare(database: Database.Database) {
  return {
    ordinal: query<[number]>(database, 'SELECT ordinal FROM execution WHERE arn = ?'),
    insert: command(
      database,
      `INSERT INTO log (at, execution, request, function, stream, text, size)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    sizeOf: query<[number]>(database, 'SELECT total(size) FROM log WHERE execution = ?'),
    sizeOfAll: query<[number]>(database, 'SELECT total(size) FROM log'),
    oldestOf: query<[number, number]>(
      database,
      'SELECT number, size FROM log WHERE execution = ? ORDER BY number LIMIT 200',
    ),
    oldest: query<[number, number]>(
      database,
      'SELECT number, size FROM log ORDER BY number LIMIT 200',
    ),
    delete: command(database, 'DELETE FROM log WHERE number = ?'),
  }
}

function lineOf([, at, execution, request, functionName, stream, text]: Row): LogLine {
  return {
    at,
    functionName,
    ...(request === null ? {} : { requestId: request }),
    ...(execution === null ? {} : { executionArn: execution }),
    stream: stream as LogLine['stream'],
    text: JSON.parse(text) as string,
  }
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text
  return `${text.slice(0, most)}… (${text.length - most} more characters were cut off)`
}
