import { appendFileSync, readFileSync } from 'node:fs'

/** What processes of functions leave behind outside: one line each, in the order of their writing. */
export type Entry =
  /** The body of a step has begun. */
  | {
      readonly what: 'body'
      readonly execution: string
      readonly step: string
      readonly attempt: number
      readonly atMostOnce: boolean
    }
  /** A checkpoint was acknowledged to the handler. */
  | { readonly what: 'acknowledged'; readonly arn: string; readonly updates: readonly Update[] }
  /** A callback waits for its answer. */
  | { readonly what: 'callback'; readonly execution: string; readonly id: string }

/** `ID ACTION` of an update. */
export type Update = readonly [id: string, action: string]

/** An entry with the server whose process wrote it; servers are counted from 1. */
export type Line = Entry & { readonly server: number }

/** Appends a line at once: after it, the process may be killed. */
export function writeLine(file: string, line: Line): void {
  appendFileSync(file, `${JSON.stringify(line)}\n`)
}

/** Reads what has come since it was asked last. */
export class LedgerReader {
  readonly #file: string
  #read = 0

  constructor(file: string) {
    this.#file = file
  }

  next(): Line[] {
    const bytes = readFileSync(this.#file)
    // The last line may be under way.
    const end = bytes.lastIndexOf('\n') + 1
    const text = bytes.subarray(this.#read, end).toString()
    this.#read = end
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line)
  }
}
