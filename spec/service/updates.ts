import type { OperationUpdate } from '../../lib/journal/update.ts'

// Updates as a handler sends them, one word each.

type Extra = Partial<OperationUpdate>

export const startStep = (Id: string, extra: Extra = {}): OperationUpdate => ({
  Id,
  Type: 'STEP',
  SubType: 'Step',
  Action: 'START',
  ...extra,
})

export const endStep = (Id: string, Payload?: string, extra: Extra = {}): OperationUpdate => ({
  Id,
  Type: 'STEP',
  Action: 'SUCCEED',
  ...(Payload === undefined ? {} : { Payload }),
  ...extra,
})

export const failStep = (Id: string, extra: Extra = {}): OperationUpdate => ({
  Id,
  Type: 'STEP',
  Action: 'FAIL',
  Error: { ErrorType: 'Broken', ErrorMessage: 'it broke' },
  ...extra,
})

export const retryStep = (Id: string, seconds: number, extra: Extra = {}): OperationUpdate => ({
  Id,
  Type: 'STEP',
  Action: 'RETRY',
  StepOptions: { NextAttemptDelaySeconds: seconds },
  Error: { ErrorType: 'Broken', ErrorMessage: 'it broke' },
  ...extra,
})

/** A poll that leaves its state behind, to be checked again in a while. */
export const pollAgain = (Id: string, seconds: number, Payload: string): OperationUpdate => ({
  Id,
  Type: 'STEP',
  Action: 'RETRY',
  StepOptions: { NextAttemptDelaySeconds: seconds },
  Payload,
})

export const startWait = (Id: string, seconds: number, extra: Extra = {}): OperationUpdate => ({
  Id,
  Type: 'WAIT',
  SubType: 'Wait',
  Action: 'START',
  WaitOptions: { WaitSeconds: seconds },
  ...extra,
})

export const cancelWait = (Id: string): OperationUpdate => ({ Id, Type: 'WAIT', Action: 'CANCEL' })

export const startContext = (Id: string, extra: Extra = {}): OperationUpdate => ({
  Id,
  Type: 'CONTEXT',
  SubType: 'RunInChildContext',
  Action: 'START',
  ...extra,
})

export const endContext = (Id: string, Payload?: string, extra: Extra = {}): OperationUpdate => ({
  Id,
  Type: 'CONTEXT',
  Action: 'SUCCEED',
  ...(Payload === undefined ? {} : { Payload }),
  ...extra,
})

export const startCallback = (
  Id: string,
  options: NonNullable<OperationUpdate['CallbackOptions']> = {},
): OperationUpdate => ({
  Id,
  Type: 'CALLBACK',
  SubType: 'Callback',
  Action: 'START',
  CallbackOptions: options,
})

export const startInvoke = (
  Id: string,
  FunctionName: string,
  Payload?: string,
  TenantId?: string,
): OperationUpdate => ({
  Id,
  Type: 'CHAINED_INVOKE',
  SubType: 'ChainedInvoke',
  Action: 'START',
  ChainedInvokeOptions: { FunctionName, ...(TenantId === undefined ? {} : { TenantId }) },
  ...(Payload === undefined ? {} : { Payload }),
})
