import type { ErrorRecord } from '../kernel/error-record.ts'
import { limits } from '../kernel/limits.ts'
import { operationTypes, type OperationRecord, type OperationType } from '../journal/record.ts'
import type { OperationAction, OperationUpdate } from '../journal/update.ts'
import { invalid } from './refusal.ts'
import type { ServiceLimits } from './service-limits.ts'

// What a checkpoint request must look like, whatever the state of the execution. What an update may
// do to the operation as it stands is the business of `transition`.

const allowedActions = {
  EXECUTION: ['SUCCEED', 'FAIL'],
  CONTEXT: ['START', 'SUCCEED', 'FAIL'],
  STEP: ['START', 'SUCCEED', 'FAIL', 'RETRY'],
  WAIT: ['START', 'CANCEL'],
  CALLBACK: ['START'],
  CHAINED_INVOKE: ['START'],
} as const satisfies Record<OperationType, readonly OperationAction[]>

/** Refuses a batch that breaks the rules, by the first rule it breaks. */
export function checkUpdates(updates: readonly OperationUpdate[], allowed: ServiceLimits): void {
  checkList(updates)
  checkBatch(updates)
  updates.forEach((update, index) => {
    checkShape(update, `updates.${index + 1}.member`)
    checkPayload(update, allowed)
    checkOptions(update)
  })
}

/** Refuses an update that speaks of another operation than the one recorded under its id. */
export function checkConsistent(record: OperationRecord, update: OperationUpdate): void {
  const { Type, SubType, Name, ParentId } = update
  if (Type !== record.Type) throw invalid('Inconsistent operation type.')
  if (SubType != null && SubType !== record.SubType)
    throw invalid('Inconsistent operation subtype.')
  if (Name != null && Name !== record.Name) throw invalid('Inconsistent operation name.')
  if (ParentId != null && ParentId !== record.ParentId) {
    throw invalid('Inconsistent parent operation id.')
  }
}

/** Refuses a payload over `most` bytes. */
export function checkBytes(text: string | undefined, most: number, what: string): void {
  if (text === undefined || text.length * 3 <= most || Buffer.byteLength(text) <= most) return
  throw invalid(`${what} payload size must be less than or equal to ${most} bytes.`)
}

export function checkError(error: ErrorRecord | undefined, allowed: ServiceLimits): void {
  if (error === undefined) return
  if (typeof error !== 'object') throw malformed('error', error, 'be a structure')
  const { ErrorType, ErrorMessage, ErrorData, StackTrace } = error
  for (const [member, value] of Object.entries({ ErrorType, ErrorMessage, ErrorData })) {
    if (value != null && typeof value !== 'string') {
      throw malformed(`error.${member}`, value, 'be a string')
    }
  }
  if (StackTrace != null && !Array.isArray(StackTrace)) {
    throw malformed('error.StackTrace', StackTrace, 'be a list')
  }
  if (Buffer.byteLength(JSON.stringify(error)) > allowed.errorBytes) {
    throw invalid(`Error object size must be less than ${allowed.errorBytes} bytes.`)
  }
}

/** In the API's own form for a member that does not fit its shape. */
function malformed(path: string, value: unknown, constraint: string): Error {
  const shown = typeof value === 'string' ? value.slice(0, 100) : JSON.stringify(value)
  return invalid(
    `1 validation error detected: Value '${shown}' at '${path}' failed to satisfy constraint: ` +
      `Member must ${constraint}`,
  )
}

function checkList(updates: unknown): void {
  if (!Array.isArray(updates)) throw malformed('updates', updates, 'be a list')
  updates.forEach((update: unknown, index) => {
    if (typeof update === 'object' && update !== null) return
    throw malformed(`updates.${index + 1}.member`, update, 'be a structure')
  })
}

function checkBatch(updates: readonly OperationUpdate[]): void {
  const last = updates.length - 1
  const seen = new Map<string, OperationUpdate | 'closed'>()
  const executions = updates.filter((update) => update.Type === 'EXECUTION').length
  if (executions > 1) throw invalid('Cannot checkpoint multiple EXECUTION updates.')
  updates.forEach((update, index) => {
    if (update.Type === 'EXECUTION') {
      if (index !== last) throw invalid('EXECUTION checkpoint must be the last update.')
      return
    }
    const earlier = seen.get(update.Id)
    if (earlier !== undefined && !(earlier !== 'closed' && mayFollow(earlier, update))) {
      throw invalid('Cannot checkpoint multiple operations with the same ID.')
    }
    seen.set(update.Id, earlier === undefined ? update : 'closed')
  })
}

/** A step or context may start and end, or start and be put off, in one batch. */
function mayFollow(earlier: OperationUpdate, later: OperationUpdate): boolean {
  return (
    (later.Type === 'STEP' || later.Type === 'CONTEXT') &&
    earlier.Type === later.Type &&
    earlier.Action === 'START' &&
    later.Action !== 'START'
  )
}

const idPattern = /^[a-zA-Z0-9-_]+$/

function checkShape(update: OperationUpdate, path: string): void {
  const { Type, Action, Id, ParentId, Name, SubType, Payload } = update
  if (!operationTypes.includes(Type)) throw invalid('Unknown operation type.')
  if (!(allowedActions[Type] as readonly OperationAction[]).includes(Action)) {
    throw invalid('Invalid action for the given operation type.')
  }
  if ((Id as unknown) == null) throw malformed(`${path}.id`, null, 'not be null')
  checkText(`${path}.id`, Id, limits.idLength, idPattern)
  checkText(`${path}.parentId`, ParentId, limits.idLength, idPattern)
  checkText(`${path}.name`, Name, limits.nameLength, /^[\x20-\x7E]+$/)
  checkText(`${path}.subType`, SubType, limits.subTypeLength, idPattern)
  if (Payload != null && typeof Payload !== 'string') {
    throw malformed(`${path}.payload`, Payload, 'be a string')
  }
}

function checkText(path: string, text: unknown, longest: number, pattern: RegExp): void {
  if (text == null) return
  if (typeof text !== 'string') throw malformed(path, text, 'be a string')
  if (text.length < 1) {
    throw malformed(path, text, 'have length greater than or equal to 1')
  }
  if (text.length > longest) {
    throw malformed(path, text, `have length less than or equal to ${longest}`)
  }
  if (!pattern.test(text)) {
    throw malformed(
      path,
      text,
      `satisfy regular expression pattern: ${pattern.source.slice(1, -1)}`,
    )
  }
}

function checkPayload(update: OperationUpdate, allowed: ServiceLimits): void {
  const { Type, Action, Payload, Error } = update
  if (Action === 'FAIL' && Payload != null) {
    throw invalid('Cannot provide a Payload for FAIL action.')
  }
  if (Action === 'SUCCEED' && Error != null) {
    throw invalid('Cannot provide an Error for SUCCEED action.')
  }
  if (Action === 'RETRY' && Payload != null && Error != null) {
    throw invalid('Cannot provide both error and payload to RETRY a STEP.')
  }
  const most = Type === 'EXECUTION' ? allowed.executionPayloadBytes : allowed.operationPayloadBytes
  checkBytes(Payload, most, `${Type} ${Action === 'START' ? 'input' : 'output'}`)
  if (Error != null) checkError(Error, allowed)
}

function checkOptions(update: OperationUpdate): void {
  const { Type, Action } = update
  const longest = limits.longestDelaySeconds
  if (Type === 'STEP' && Action === 'RETRY') {
    const seconds = update.StepOptions?.NextAttemptDelaySeconds
    if (!isSeconds(seconds, 1, longest)) throw invalid('Invalid StepOptions for the given action.')
  }
  if (Type === 'WAIT' && Action === 'START') {
    const seconds = update.WaitOptions?.WaitSeconds
    if (!isSeconds(seconds, 1, longest)) throw invalid('Invalid WaitOptions for the given action.')
  }
  if (Type === 'CALLBACK') {
    const { TimeoutSeconds = 0, HeartbeatTimeoutSeconds = 0 } = update.CallbackOptions ?? {}
    const most = limits.longestCallbackTimeoutSeconds
    if (!isSeconds(TimeoutSeconds, 0, most) || !isSeconds(HeartbeatTimeoutSeconds, 0, most)) {
      throw invalid('Invalid CallbackOptions for the given action.')
    }
  }
  if (Type === 'CHAINED_INVOKE') {
    const options = update.ChainedInvokeOptions
    if (options?.FunctionName == null) {
      throw invalid('Update for CHAINED_INVOKE operation requires ChainedInvokeOptions.')
    }
    checkText('chainedInvokeOptions.functionName', options.FunctionName, 256, /^\S+$/)
    checkTenant(options.TenantId)
  }
}

export function checkTenant(tenantId: string | undefined): void {
  checkText('tenantId', tenantId, 256, /^[a-zA-Z0-9._:/=+\-@ ]+$/)
}

export function checkClientToken(token: string | undefined): void {
  checkText('clientToken', token, 64, /^[\x21-\x7E]+$/)
}

/** The name that a caller gives to an execution. */
export function checkExecutionName(name: string | undefined): void {
  checkText('durableExecutionName', name, 64, idPattern)
}

function isSeconds(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}
