import type { ErrorRecord } from '../../kernel/error-record.ts'
import { limits } from '../../kernel/limits.ts'
import { operationTypes } from '../../journal/record.ts'
import { operationActions, type OperationUpdate } from '../../journal/update.ts'
import type * as Api from '../../service/api.ts'
import { flag, list, moment, needed, oneOf, structure, text, whole, type Shape } from './shape.ts'

// Requests as the API models them: what comes in bodies, queries and headers, by the API's names.

const id = text({ least: 1, most: limits.idLength, pattern: /^[a-zA-Z0-9-_]+$/ })
const seconds = whole(1, limits.longestDelaySeconds)
const callbackSeconds = whole(0, limits.longestCallbackTimeoutSeconds)
const tenantId = text({ least: 1, most: 256, pattern: /^[a-zA-Z0-9._:/=+\-@ ]+$/ })
const base64 = /^[A-Za-z0-9+/]+={0,2}$/
const checkpointToken = text({ least: 1, most: 2048, pattern: base64 })
const functionName = text({ least: 1, most: 256 })
const qualifier = text({ least: 1, most: 128, pattern: /^[a-zA-Z0-9$_.-]+$/ })
const page = { Marker: text({ least: 1, most: 2048 }), MaxItems: whole(0, limits.pageSize) }

export const errorObject: Shape<ErrorRecord> = structure<ErrorRecord>({
  ErrorType: text(),
  ErrorMessage: text(),
  ErrorData: text(),
  StackTrace: list(text()),
})

const update = structure<OperationUpdate>({
  Id: needed(id),
  Type: needed(oneOf(operationTypes)),
  Action: needed(oneOf(operationActions)),
  ParentId: id,
  Name: text({ least: 1, most: limits.nameLength, pattern: /^[\x20-\x7E]+$/ }),
  SubType: text({ least: 1, most: limits.subTypeLength, pattern: /^[a-zA-Z0-9-_]+$/ }),
  Payload: text({ most: limits.executionPayloadBytes }),
  Error: errorObject,
  ContextOptions: structure({ ReplayChildren: flag }),
  StepOptions: structure({ NextAttemptDelaySeconds: seconds }),
  WaitOptions: structure({ WaitSeconds: seconds }),
  CallbackOptions: structure({
    TimeoutSeconds: callbackSeconds,
    HeartbeatTimeoutSeconds: callbackSeconds,
  }),
  ChainedInvokeOptions: structure({ FunctionName: needed(functionName), TenantId: tenantId }),
})

export const checkpointBody = structure<Omit<Api.CheckpointRequest, 'DurableExecutionArn'>>({
  CheckpointToken: needed(checkpointToken),
  ClientToken: text({ least: 1, most: 64, pattern: /^[\x21-\x7E]+$/ }),
  Updates: list(update),
})

export const stateQuery = structure<Omit<Api.StateRequest, 'DurableExecutionArn'>>({
  CheckpointToken: needed(checkpointToken),
  ...page,
})

export const executionQuery = structure<Omit<Api.GetExecutionRequest, 'DurableExecutionArn'>>({
  IncludeExecutionData: flag,
})

export const historyQuery = structure<Omit<Api.HistoryRequest, 'DurableExecutionArn'>>({
  IncludeExecutionData: flag,
  ReverseOrder: flag,
  ...page,
})

export const listQuery = structure<Omit<Api.ListRequest, 'FunctionName'>>({
  Qualifier: qualifier,
  DurableExecutionName: id,
  Statuses: list(oneOf(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'STOPPED'])),
  StartedAfter: moment,
  StartedBefore: moment,
  ReverseOrder: flag,
  ...page,
})

export interface InvokeParameters extends Omit<Api.InvokeRequest, 'FunctionName' | 'Payload'> {
  readonly LogType?: 'None' | 'Tail' | undefined
}

export const invokeParameters = structure<InvokeParameters>({
  Qualifier: qualifier,
  InvocationType: oneOf(['RequestResponse', 'Event', 'DryRun']),
  DurableExecutionName: id,
  TenantId: tenantId,
  ClientContext: text({ most: 3583 }),
  LogType: oneOf(['None', 'Tail']),
})

export const functionQuery = structure<{ readonly Qualifier?: string | undefined }>({
  Qualifier: qualifier,
})

export interface FunctionsQuery {
  readonly FunctionVersion?: 'ALL' | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export const functionsQuery = structure<FunctionsQuery>({
  FunctionVersion: oneOf(['ALL']),
  Marker: text({ least: 1, most: 2048 }),
  MaxItems: whole(1, 10_000),
})
