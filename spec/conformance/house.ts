import type { LambdaService } from '../../lib/service/service.ts'
import type { Handler } from './handler.ts'
import type { Requirement } from './requirement.ts'

/** Those calls of the service by which a case is played from outside, in its own shapes. */
export type ServiceApi = Pick<
  LambdaService,
  | 'invoke'
  | 'getDurableExecution'
  | 'getDurableExecutionHistory'
  | 'sendDurableExecutionCallbackSuccess'
  | 'sendDurableExecutionCallbackFailure'
  | 'sendDurableExecutionCallbackHeartbeat'
  | 'stopDurableExecution'
>

/** Where the functions of one case live: it brings them to life, and knows when something happens. */
export interface House {
  /** The name of the function that the case invokes. */
  readonly functionName: string
  /** How the execution is to be called; any name does when left out. */
  readonly executionName?: string
  /** Resolves when there may be something new, or when nothing will ever happen again. */
  somethingNew(arn: string): Promise<void>
  sleep(seconds: number): Promise<void>
  /** Resolves when an invocation that outlives the execution has had time to end. */
  rest(): Promise<void>
  /** The lines that the functions have written so far. */
  output(): readonly string[]
  close(): Promise<void>
}

/** A house behind an endpoint of the Lambda API. */
export interface ServedHouse extends House {
  readonly url: string
  /** Has no time jump while the call is on its way. */
  whileTalking<T>(call: () => Promise<T>): Promise<T>
  /** Has time pass while the call waits for an execution to end. */
  whileWaiting<T>(call: () => Promise<T>): Promise<T>
}

/** Sets up a house for one case. */
export type OpenHouse = (requirement: Requirement, handler: Handler) => Promise<ServedHouse>
