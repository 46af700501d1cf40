import type { FunctionSettings } from '../service/service.ts'

/** How the process of a function is brought to life. */
export type Launch =
  | {
      readonly kind: 'module'
      /** Absolute path of a JavaScript or TypeScript module. */
      readonly file: string
      /** Name of the export that is the handler. */
      readonly exportName: string
    }
  /** Any program that speaks the Lambda Runtime API, as a command line of the shell. */
  | { readonly kind: 'command'; readonly command: string }

/** A function that the local service runs in processes of its own. */
export interface HostedFunction extends FunctionSettings {
  readonly launch: Launch
  /** What a process may use before it is killed, in megabytes; as Lambda's memory size. */
  readonly memoryMegabytes?: number | undefined
  /** How many processes of it run at once, at most. */
  readonly concurrency?: number | undefined
  /** Added to the environment that Lambda sets. */
  readonly environment?: Readonly<Record<string, string>> | undefined
}

/**
 * Holds back what leaves the process until what it rests on is durable: an answer, also one that
 * only tells how things stand, and a call of a function.
 */
export interface Durability {
  /** Resolves when all that has been saved up to now is on disk; rejects when it cannot be. */
  committed(): Promise<void>
}

export interface LogLine {
  /** Milliseconds since 1970, by the real clock. */
  readonly at: number
  readonly functionName: string
  readonly requestId?: string | undefined
  readonly executionArn?: string | undefined
  /** `platform` is what Lambda itself writes: START, END, REPORT. */
  readonly stream: 'stdout' | 'stderr' | 'platform'
  readonly text: string
}

/** Where the output of functions goes. */
export interface LogSink {
  write(line: LogLine): void
}
