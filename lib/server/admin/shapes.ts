import { faultKinds, type Fault } from '../chaos/chaos.ts'
import { callNames } from '../chaos/interference.ts'
import { flag, fractional, needed, oneOf, structure, text, whole } from '../http/shape.ts'
import { errorObject } from '../http/shapes.ts'
import type { ErrorRecord } from '../../kernel/error-record.ts'

const functionName = text({ least: 1, most: 140 })

export interface ForkBody {
  readonly OperationId: string
  readonly DurableExecutionName?: string | undefined
  readonly IsAnswered?: boolean | undefined
  readonly Result?: string | undefined
  readonly Error?: ErrorRecord | undefined
}

export const forkBody = structure<ForkBody>({
  OperationId: needed(text({ least: 1, most: 64 })),
  DurableExecutionName: text({ least: 1, most: 64 }),
  IsAnswered: flag,
  Result: text(),
  Error: errorObject,
})

/** Milliseconds to move the clock by, or to its next timer. */
export interface MoveBody {
  readonly Milliseconds?: number | undefined
  readonly IsNext?: boolean | undefined
}

export const moveBody = structure<MoveBody>({
  Milliseconds: whole(0, Number.MAX_SAFE_INTEGER),
  IsNext: flag,
})

export const faultBody = structure<Fault>({
  kind: needed(oneOf(faultKinds)),
  call: oneOf(callNames),
  functionName,
  times: whole(1, 1_000_000),
  rate: fractional(0, 1),
  milliseconds: whole(0, 900_000),
})

export interface CrashBody {
  readonly functionName?: string | undefined
  readonly executionArn?: string | undefined
}

export const crashBody = structure<CrashBody>({ functionName, executionArn: text({ most: 1024 }) })

export interface LogsQuery {
  readonly execution?: string | undefined
  readonly request?: string | undefined
  readonly function?: string | undefined
  readonly after?: number | undefined
  readonly lines?: number | undefined
}

export const logsQuery = structure<LogsQuery>({
  execution: text({ most: 1024 }),
  request: text({ most: 100 }),
  function: functionName,
  after: whole(0, Number.MAX_SAFE_INTEGER),
  lines: whole(1, 10_000),
})
