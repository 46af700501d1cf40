import type { DurableContext } from '@aws/durable-execution-sdk-js'

/** One program for the official SDK; its twin for perdure has the same name in `../perdure`. */
export type Program = (input: never, context: DurableContext) => Promise<unknown>

export type Programs = Readonly<Record<string, Program>>
