import { retryDelay, type InvocationRetry } from '../../service/invocation-retry.ts'
import { isPending } from './activity.ts'
import { awaitedThing, inWords, type Awaited } from './awaited.ts'
import { blame } from './blame.ts'
import { count, moment, oneLine, ordinal, relative, shellWord, span } from './text.ts'
import {
  flat,
  type Activity,
  type CallbackView,
  type ErrorView,
  type ExecutionView,
  type OperationView,
} from './view.ts'

export interface ExplainOptions {
  /** What is to be added to commands so that they reach the same place: ` --aws`. */
  readonly flags?: string
  /** How the service tries again after an invocation that failed, where that is known. */
  readonly invocationRetry?: InvocationRetry
}

/** What an execution is at, in one sentence, and the same in parts. */
export interface Explanation {
  readonly state:
    'running' | 'waiting' | 'failing' | 'succeeded' | 'failed' | 'timed-out' | 'stopped'
  readonly sentence: string
  /** What it waits for, or was waiting for when it was ended; the first to fall due first. */
  readonly awaited: readonly Awaited[]
  /** When something happens by itself, at the latest. */
  readonly nextAt?: string
  /** The bodies that an invocation is in. */
  readonly underWay: readonly {
    readonly id: string
    readonly words: string
    readonly since: string
  }[]
  /** What there is to do, as command lines. */
  readonly commands: readonly string[]
  /** The operation that the error of the execution came from. */
  readonly cause?: { readonly id: string; readonly words: string }
}

/** What an execution waits for, since when, and what will wake it; or how it ended, and why. */
export function explain(view: ExecutionView, options: ExplainOptions = {}): Explanation {
  const { activity } = view
  switch (activity?.kind) {
    case undefined:
      return ended(view)
    case 'running':
      return running(view, activity)
    case 'failing':
      return failing(view, activity, options)
    case 'suspended':
      return waiting(view, options)
  }
}

/** For people: the sentence, and below it what there is to do. */
export function formatExplanation({ sentence, commands }: Explanation): string[] {
  return [sentence, ...commands.map((command) => `  ${command}`)]
}

const most = 5

function running(view: ExecutionView, activity: Activity & { kind: 'running' }): Explanation {
  const { asOf } = view
  const { invocation, since, isSure } = activity
  const bodies = [...flat(view.operations)]
    .filter(
      ({ standing, type, status }) =>
        standing === 'open' && type === 'STEP' && status === 'STARTED',
    )
    .map((one) => ({ ...nameOf(one), since: one.attempts.at(-1)?.startedAt ?? one.startedAt, one }))
  const attempt = ({ attempts }: OperationView) =>
    attempts.length > 1 ? `, attempt ${attempts.length},` : ''
  const inside = listed(
    bodies.map(
      ({ one, since: from }) =>
        `the body of ${inWords(one)}${attempt(one)} has been under way for ${span(Date.parse(asOf) - Date.parse(from))}`,
    ),
  )
  const which = `its ${ordinal(invocation)} invocation`
  const start = isSure
    ? `${subject(view)} is running ${which} since ${moment(since)} (${relative(since, asOf)})`
    : `${subject(view)} has been woken for ${which} at ${moment(since)} (${relative(since, asOf)}), of which nothing is on record yet`
  return {
    state: 'running',
    sentence: `${start}${inside === '' ? '' : `; ${inside}`}.`,
    awaited: [],
    underWay: bodies.map(({ one, ...rest }) => rest),
    commands: [],
  }
}

function waiting(view: ExecutionView, options: ExplainOptions): Explanation {
  const awaited = allAwaited(view, options)
  const [only] = awaited
  const words =
    awaited.length === 1 && only
      ? `waits for ${only.text}`
      : `waits for ${count(awaited.length, 'thing')}: ${listed(
          awaited.map(({ text }) => text),
          '; ',
        )}`
  return {
    state: 'waiting',
    sentence: `${subject(view)} ${words}${timeLimit(
      view,
      awaited.some(({ at }) => at !== undefined),
    )}.`,
    awaited: awaited.map(({ text, ...rest }) => rest),
    ...nextOf(view, awaited),
    underWay: [],
    commands: commandsOf(awaited),
  }
}

function failing(
  view: ExecutionView,
  { failures, since, error }: Activity & { kind: 'failing' },
  { invocationRetry }: ExplainOptions,
): Explanation {
  const times = failures === 1 ? 'Its last invocation' : `Its last ${failures} invocations`
  const pause = invocationRetry && pauseOf(invocationRetry, failures, error)
  const nextAt = pause === undefined ? undefined : new Date(Date.parse(since) + pause).toISOString()
  const next =
    nextAt === undefined
      ? `the service will try again ${isCrash(error) ? 'at once' : 'by itself, after longer and longer pauses'}`
      : `the next try is at ${moment(nextAt)} (${relative(nextAt, view.asOf)})`
  return {
    state: 'failing',
    sentence:
      `${subject(view)} does not get on. ${times} failed, most lately at ${moment(since)} ` +
      `(${relative(since, view.asOf)}) with ${errorWords(error)}; ${next}${timeLimit(view, nextAt !== undefined)}.`,
    awaited: [],
    ...(nextAt === undefined ? {} : { nextAt }),
    underWay: [],
    commands: [],
  }
}

function pauseOf(retry: InvocationRetry, failures: number, error: ErrorView): number {
  return isCrash(error) ? 0 : retryDelay(retry, failures)
}

/** Such an end of an invocation is not put off before it is tried again. */
function isCrash({ type = '' }: ErrorView): boolean {
  return /^(Runtime|Sandbox|Extension)\./.test(type) && type !== 'Sandbox.Timedout'
}

function ended(view: ExecutionView): Explanation {
  const { execution, asOf } = view
  const { status, endedAt, milliseconds, error, result, timeoutSeconds } = execution
  const when =
    endedAt === undefined
      ? ''
      : ` at ${moment(endedAt)} (${relative(endedAt, asOf)})` +
        (milliseconds === undefined ? '' : `, after ${span(milliseconds)}`)
  const left = [...flat(view.operations)].filter(isLeftWaiting)
  const what = left.length === 0 ? '' : `; it was waiting for ${listed(left.map(inWords))}`
  const common = { awaited: [], underWay: [], commands: [] }
  switch (status) {
    case 'SUCCEEDED': {
      const value = result === undefined ? 'without a result' : `with ${oneLine(result, 200)}`
      const sentence = `${subject(view)} succeeded${when}, ${value}.`
      return { state: 'succeeded', sentence, ...common }
    }
    case 'TIMED_OUT': {
      const time = timeoutSeconds ? ` of ${span(timeoutSeconds * 1000)}` : ''
      const sentence = `${subject(view)} ran out of its time${time}${when}${what}.`
      return { state: 'timed-out', sentence, ...common }
    }
    case 'STOPPED': {
      const why = error === undefined ? '' : `, with ${errorWords(error)}`
      return {
        state: 'stopped',
        sentence: `${subject(view)} was stopped${when}${why}${what}.`,
        ...common,
      }
    }
    default: {
      const cause = blame(view)
      const tries = cause?.attempts.length ?? 0
      const attempt = tries > 1 ? ` at its ${ordinal(tries)} attempt` : ''
      const from = cause === undefined ? '' : `, which came from ${inWords(cause)}${attempt}`
      const why = error === undefined ? '' : `, with ${errorWords(error)}`
      return {
        state: 'failed',
        sentence: `${subject(view)} failed${when}${why}${from}.`,
        ...common,
        ...(cause ? { cause: nameOf(cause) } : {}),
      }
    }
  }
}

/** Waits, callbacks, invokes and retries that the end of the execution left behind, in what was open. */
function isLeftWaiting({ standing, type, status }: OperationView): boolean {
  return standing === 'left' && type !== 'CONTEXT' && (type !== 'STEP' || status === 'PENDING')
}

function allAwaited(view: ExecutionView, { flags = '' }: ExplainOptions) {
  const pending = [...flat(view.operations)].filter(isPending)
  const { name: execution } = view.execution
  const isOne = pending.filter(({ callback }) => callback).length === 1
  const callbackTarget = ({ id, name }: CallbackView) =>
    execution === undefined ? id : isOne ? execution : `${execution} --name ${shellWord(name)}`
  const options = { asOf: view.asOf, flags, callbackTarget }
  return (
    pending
      .map((one) => awaitedThing(one, options))
      // What comes by itself first; what may never come, last.
      .toSorted((one, other) => timeOf(one) - timeOf(other))
  )
}

function timeOf({ at }: Awaited): number {
  return at === undefined ? Number.MAX_VALUE : Date.parse(at)
}

function nextOf({ execution }: ExecutionView, awaited: readonly Awaited[]): { nextAt?: string } {
  const times = [
    ...awaited.flatMap(({ at }) => at ?? []),
    ...(execution.timesOutAt ? [execution.timesOutAt] : []),
  ]
  const [nextAt] = times.toSorted()
  return nextAt === undefined ? {} : { nextAt }
}

function commandsOf(awaited: readonly Awaited[]): string[] {
  return awaited.flatMap(({ command }) => command ?? []).slice(0, most)
}

/** Said only where it matters: when it is near, or nothing else is sure to happen. */
function timeLimit({ execution, asOf }: ExecutionView, isSureToGoOn: boolean): string {
  const { timesOutAt } = execution
  if (timesOutAt === undefined) return ''
  if (isSureToGoOn && Date.parse(timesOutAt) - Date.parse(asOf) > 86_400_000) return ''
  return `; the execution times out at ${moment(timesOutAt)} (${relative(timesOutAt, asOf)})`
}

function nameOf({ id, words }: OperationView) {
  return { id, words }
}

function subject({ execution }: ExecutionView): string {
  return oneLine(execution.name ?? 'The execution', 80)
}

function errorWords({ type, message }: ErrorView): string {
  return oneLine(type === undefined ? `"${message}"` : `${type}: ${message}`, 300).replace(
    /\.$/,
    '',
  )
}

function listed(parts: readonly string[], separator = ', '): string {
  const shown = parts.slice(0, most)
  const more = parts.length - shown.length
  if (more > 0) return `${shown.join(separator)} and ${more.toLocaleString('en-US')} more`
  const last = shown.pop() ?? ''
  return shown.length === 0 ? last : `${shown.join(separator)}${separator}and ${last}`
}
