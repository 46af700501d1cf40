import { between, moment, oneLine, relative, span } from './text.ts'
import type { CallbackView, OperationView } from './view.ts'

/** One thing that an execution is suspended for. */
export interface Awaited {
  readonly kind: 'wait' | 'retry' | 'callback' | 'invoke'
  readonly id: string
  readonly words: string
  readonly since: string
  /** When it comes by itself: its end, its next attempt, its time-out. */
  readonly at?: string
  /** By which it is brought about, or looked into. */
  readonly command?: string
}

export interface AwaitedOptions {
  readonly asOf: string
  readonly flags: string
  /** How a callback is called on a command line, where its execution can be named. */
  readonly callbackTarget?: (callback: CallbackView) => string
}

/** An operation that an execution is suspended for, with a text that says so. */
export function awaitedThing(
  operation: OperationView,
  options: AwaitedOptions,
): Awaited & { readonly text: string } {
  switch (operation.type) {
    case 'CALLBACK':
      return callback(operation, options)
    case 'CHAINED_INVOKE':
      return invoked(operation, options)
    case 'STEP':
      return retried(operation, options)
    default:
      return waited(operation, options)
  }
}

/** Names first, ids in parentheses. */
export function inWords({ words, id }: OperationView): string {
  return `${oneLine(words, 80)} (${id})`
}

function waited(operation: OperationView, { asOf }: AwaitedOptions) {
  const { dueAt } = operation
  const end =
    dueAt === undefined ? '' : `, which ends at ${moment(dueAt)} (${relative(dueAt, asOf)})`
  return {
    ...facts('wait', operation),
    ...(dueAt === undefined ? {} : { at: dueAt }),
    text: `${inWords(operation)} since ${since(operation, asOf)}${end}`,
  }
}

function retried(operation: OperationView, { asOf }: AwaitedOptions) {
  const { dueAt, attempts, error, subType } = operation
  const isPoll = subType === 'WaitForCondition' && error === undefined
  const noun = isPoll ? 'check' : 'attempt'
  const reason = error ? ` failed with ${oneLine(errorText(error), 120)}` : ' was not the last'
  const due = dueAt === undefined ? '' : ` at ${moment(dueAt)} (${relative(dueAt, asOf)})`
  const began = attempts.at(-1)?.endedAt ?? operation.startedAt
  return {
    ...facts('retry', operation),
    since: began,
    ...(dueAt === undefined ? {} : { at: dueAt }),
    text: `the next ${noun} of ${inWords(operation)}${due}: ${noun} ${attempts.length}${reason}`,
  }
}

function callback(operation: OperationView, options: AwaitedOptions) {
  const { asOf, flags, callbackTarget } = options
  const { id = '', name = operation.id, timesOutAt, heartbeatSeconds } = operation.callback ?? {}
  const target = (operation.callback && callbackTarget?.(operation.callback)) ?? id
  const until =
    timesOutAt === undefined
      ? ''
      : `, which times out at ${moment(timesOutAt)} (${relative(timesOutAt, asOf)})`
  const beat =
    heartbeatSeconds === undefined
      ? ''
      : ` and must be heard of every ${span(heartbeatSeconds * 1000)}`
  const of = name === operation.id ? '' : ` ${JSON.stringify(oneLine(name, 80))}`
  return {
    ...facts('callback', operation),
    ...(timesOutAt === undefined ? {} : { at: timesOutAt }),
    command: `perdure callback succeed ${target} --result '{}'${flags}`,
    text: `an answer to callback${of} (${operation.id}) since ${since(operation, asOf)}${until}${beat}`,
  }
}

function invoked(operation: OperationView, { asOf, flags }: AwaitedOptions) {
  const { functionName = '', executionArn } = operation.invoke ?? {}
  const named = operation.words.includes(functionName) ? '' : ` of ${oneLine(functionName, 140)}`
  const as = executionArn === undefined ? '' : `, which is execution ${nameIn(executionArn)}`
  return {
    ...facts('invoke', operation),
    ...(executionArn === undefined ? {} : { command: `perdure explain '${executionArn}'${flags}` }),
    text: `${inWords(operation)}${named} since ${since(operation, asOf)}${as}`,
  }
}

function facts<K extends Awaited['kind']>(kind: K, { id, words, startedAt }: OperationView) {
  return { kind, id, words, since: startedAt }
}

function since({ startedAt }: OperationView, asOf: string): string {
  return `${moment(startedAt)} (${span(between(startedAt, asOf))})`
}

function nameIn(arn: string): string {
  return /\/durable-execution\/([^/]+)\//.exec(arn)?.[1] ?? arn
}

function errorText({
  type,
  message,
}: {
  readonly type?: string
  readonly message: string
}): string {
  return type === undefined ? message : `${type}: ${message}`
}
