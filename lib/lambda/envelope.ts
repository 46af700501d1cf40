import {
  any,
  array,
  define,
  nullable,
  number,
  optional,
  string,
  type,
  validate,
  type Struct,
} from 'superstruct'
import type { OperationRecord } from '../journal/record.ts'
import type { ErrorRecord } from '../kernel/error-record.ts'
import { describe, PerdureError } from '../kernel/errors.ts'

/** What Lambda hands a durable function, as far as the engine reads it. Members not named here are let through. */
export interface Envelope {
  readonly DurableExecutionArn: string
  readonly CheckpointToken: string
  readonly InitialExecutionState: {
    readonly Operations: readonly OperationRecord[]
    readonly NextMarker?: string | null | undefined
  }
  readonly UpdatedOperationIds?: readonly string[] | null | undefined
}

/** What a durable function answers. */
export type Answer =
  | { readonly Status: 'SUCCEEDED'; readonly Result?: string }
  | { readonly Status: 'FAILED'; readonly Error: ErrorRecord }
  | { readonly Status: 'PENDING' }

const isFilled = (value: unknown) => typeof value === 'string' && value !== ''
const filled = define<string>('text', isFilled)
// The structs judge and do not infer: the types are those of the journal.
type Shape = Struct<unknown, never>
const shape = (struct: object): Shape => struct as Shape
const maybe = (struct: object): Shape => shape(optional(nullable(shape(struct))))
const moment = define<unknown>(
  'timestamp',
  (value) => value instanceof Date || typeof value === 'string' || typeof value === 'number',
)

const error = maybe(
  type({
    ErrorType: maybe(string()),
    ErrorMessage: maybe(string()),
    ErrorData: maybe(string()),
    StackTrace: maybe(array(string())),
  }),
)

const record = type({
  Id: filled,
  Type: filled,
  Status: filled,
  ParentId: maybe(string()),
  Name: maybe(string()),
  SubType: maybe(string()),
  StartTimestamp: maybe(moment),
  EndTimestamp: maybe(moment),
  ExecutionDetails: details({ InputPayload: maybe(string()) }),
  ContextDetails: details({ Result: maybe(string()), Error: error, ReplayChildren: maybe(any()) }),
  StepDetails: details({ Attempt: maybe(number()), Result: maybe(string()), Error: error }),
  CallbackDetails: details({ CallbackId: maybe(string()), Result: maybe(string()), Error: error }),
  ChainedInvokeDetails: details({ Result: maybe(string()), Error: error }),
})

// The records are looked through one by one, by `checkRecords`: ten thousand of them must not cost ten thousand structs.
const envelope = type({
  DurableExecutionArn: filled,
  CheckpointToken: filled,
  InitialExecutionState: type({
    Operations: define<readonly unknown[]>('array', (value) => Array.isArray(value)),
    NextMarker: maybe(string()),
  }),
  UpdatedOperationIds: maybe(array(string())),
})

/** Throws INVALID_ENVELOPE for an event that did not come from the durable execution service. */
export function parseEnvelope(event: unknown): Envelope {
  const misfit = isPlainlyAnEnvelope(event) ? undefined : misfitOf(event, shape(envelope))
  if (misfit) throw invalidEnvelope(misfit)
  const parsed = event as Envelope
  checkRecords(parsed.InitialExecutionState.Operations, 'InitialExecutionState.Operations')
  return parsed
}

/** Throws INVALID_ENVELOPE for records that are not shaped as the API has them. */
export function checkRecords(records: readonly unknown[], where: string): void {
  for (let i = 0; i < records.length; i++) {
    const one = records[i]
    if (isPlainlyARecord(one)) continue
    const misfit = misfitOf(one, shape(record))
    if (misfit) throw invalidEnvelope({ ...misfit, path: [where, i, ...misfit.path] })
  }
}

interface Misfit {
  readonly path: readonly unknown[]
  readonly type: string
  readonly value: unknown
}

/** The first thing that does not fit. A value that cannot even be printed breaks superstruct's own message. */
function misfitOf(value: unknown, struct: Shape): Misfit | undefined {
  try {
    const [failure] = validate(value, struct)
    return failure
  } catch {
    return { path: [], type: 'made of JSON values', value }
  }
}

/** Says yes at once to what nearly every event is; the struct has the word on the rest. */
function isPlainlyAnEnvelope(event: unknown): boolean {
  const { DurableExecutionArn, CheckpointToken, InitialExecutionState, UpdatedOperationIds } =
    (event ?? {}) as Partial<Record<keyof Envelope, unknown>>
  const { Operations, NextMarker } = (InitialExecutionState ?? {}) as Record<string, unknown>
  return (
    isFilled(DurableExecutionArn) &&
    isFilled(CheckpointToken) &&
    Array.isArray(Operations) &&
    isTextIfAny(NextMarker) &&
    (UpdatedOperationIds === undefined ||
      (Array.isArray(UpdatedOperationIds) &&
        UpdatedOperationIds.every((id) => typeof id === 'string')))
  )
}

/** Says yes at once to the records that nearly all are; the struct has the word on the rest. */
function isPlainlyARecord(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const record = value as Partial<Record<string, unknown>>
  const { Id, Type, Status, EndTimestamp: ended } = record
  if (typeof Id !== 'string' || Id === '' || typeof Status !== 'string') return false
  if (typeof Type !== 'string' || !Object.hasOwn(detailsMember, Type)) return false
  const member = detailsMember[Type as keyof typeof detailsMember]
  return (
    isTextIfAny(record['SubType']) &&
    isTextIfAny(record['Name']) &&
    isTextIfAny(record['ParentId']) &&
    (isTextIfAny(ended) || ended instanceof Date) &&
    arePlainDetails(record[member])
  )
}

function arePlainDetails(details: unknown): boolean {
  if (details === undefined) return true
  if (typeof details !== 'object' || details === null) return false
  const { Result, Error, Attempt, CallbackId, InputPayload } = details as Partial<
    Record<string, unknown>
  >
  return (
    Error === undefined &&
    isTextIfAny(Result) &&
    isTextIfAny(CallbackId) &&
    isTextIfAny(InputPayload) &&
    (Attempt === undefined || typeof Attempt === 'number')
  )
}

const detailsMember = {
  EXECUTION: 'ExecutionDetails',
  CONTEXT: 'ContextDetails',
  STEP: 'StepDetails',
  WAIT: 'WaitDetails',
  CALLBACK: 'CallbackDetails',
  CHAINED_INVOKE: 'ChainedInvokeDetails',
} as const

function isTextIfAny(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

function details(members: Record<string, Shape>): Shape {
  return maybe(type(members))
}

function invalidEnvelope({ path, type: expected, value }: Misfit): PerdureError {
  const where = path.length === 0 ? 'the event' : `\`${path.join('.')}\``
  return new PerdureError(
    'INVALID_ENVELOPE',
    `Expected ${where} to be ${expected}, got ${describe(value)}. A handler made by ` +
      'driver.lambdaHandler takes the events of the durable execution service: is the function ' +
      'created with a durable configuration, and invoked with a qualifier or $LATEST?',
  )
}
