// What workflow authors import.

export { createCallback, type Callback, type CallbackOptions } from './operations/callback.ts'
export { all, type Results } from './operations/all.ts'
export { allSettled, type SettledMember } from './operations/all-settled.ts'
export { any } from './operations/any.ts'
export type { BatchItem, BatchRecord, BatchResult } from './operations/batch-result.ts'
export { childContext, type ChildOptions } from './operations/child-context.ts'
export { context, now, random, uuid } from './operations/ambient.ts'
export {
  completion,
  type Completion,
  type CompletionLimits,
  type CompletionReason,
  type CompletionState,
} from './operations/completion.ts'
export type { BatchOptions } from './operations/fan-out.ts'
export { fork } from './operations/fork.ts'
export { invoke, type InvokeOptions } from './operations/invoke.ts'
export { map, type MapOptions } from './operations/map.ts'
export { parallel, type Branch, type FanOut, type Item } from './operations/parallel.ts'
export { race, type Winner } from './operations/race.ts'
export { saga } from './operations/saga.ts'
export { status } from './operations/status.ts'
export { step, type Returns, type StepBody, type StepOptions } from './operations/step.ts'
export type { Task } from './operations/task.ts'
export { version } from './operations/version.ts'
export { wait } from './operations/wait.ts'
export {
  waitForCallback,
  type Submit,
  type WaitForCallbackOptions,
} from './operations/wait-for-callback.ts'
export {
  waitForCondition,
  type Check,
  type ConditionOptions,
} from './operations/wait-for-condition.ts'
export type { Body, Member, ResultOf } from './operations/member.ts'
export type { Operation, Routine } from './operations/operation.ts'
export type { Coroutine, StepContext, Workflow, WorkflowContext } from './operations/workflow.ts'

export { duration, type Duration } from './kernel/duration.ts'
export { isPerdureError, PerdureError, type ErrorCode, type ErrorFacts } from './kernel/errors.ts'
export type { ErrorClass } from './kernel/error-record.ts'
export type { Log } from './kernel/logger.ts'
export {
  poll,
  type ExponentialPoll,
  type FixedPoll,
  type LinearPoll,
  type PollDecision,
  type PollLimits,
  type PollStrategy,
} from './kernel/poll.ts'
export {
  retry,
  type ExponentialRetry,
  type FixedRetry,
  type LinearRetry,
  type RetryLimits,
  type RetryOn,
  type RetryStrategy,
} from './kernel/retry.ts'
export {
  json,
  text,
  type Deserializer,
  type Schema,
  type Serdes,
  type SerdesContext,
  type Serializer,
} from './kernel/serdes.ts'

export { createDriver, driver, type Driver } from './lambda/driver.ts'
export type { DriverOptions, DurableClient, HandlerOptions } from './lambda/options.ts'
export type { Checkpointing } from './driver/environment.ts'
export type { ReplayLogs } from './driver/workflow-log.ts'
