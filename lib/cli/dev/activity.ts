import { isSettled, type OperationRecord } from '../../journal/record.ts'
import { dueAt } from '../../journal/time.ts'
import { describeOperation } from '../../driver/words.ts'
import type { ErrorRecord } from '../../kernel/error-record.ts'
import type { LogLine } from '../../server/ports.ts'
import type { StoredEvent } from '../../service/history.ts'
import type { ExecutionChange, StoredExecution } from '../../service/store.ts'
import { moment, oneLine, shellWord, span } from '../views/text.ts'

/** One thing that happened, as `perdure dev` tells of it. Times are ISO texts. */
export interface Happening {
  readonly kind:
    | 'started'
    | 'suspended'
    | 'callback'
    | 'invocation-failed'
    | 'ended'
    | 'output'
    | 'reloaded'
    | 'warning'
  readonly at: string
  readonly function?: string
  /** Name of the execution. */
  readonly execution?: string
  readonly arn?: string
  readonly text: string
  readonly status?: string
}

export interface ActivityPorts {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** All that is known of an execution that began before this process. */
  readonly read: (arn: string) => StoredExecution | undefined
  readonly tell: (happening: Happening) => void
  /** What a command line needs to reach this service. */
  readonly flags: () => string
}

/**
 * Of one execution that runs: its operations that are not over, the names of contexts and of functions
 * that are invoked, and which callbacks were told of.
 */
interface Watched {
  readonly open: Map<string, OperationRecord>
  readonly names: Map<string, string>
  readonly told: Set<string>
  readonly startedAt: number
}

const mostShown = 100

/** Tells what happens to executions, from what is saved of them. */
export class Activity {
  readonly #ports: ActivityPorts
  readonly #watched = new Map<string, Watched>()

  constructor(ports: ActivityPorts) {
    this.#ports = ports
  }

  saved(changes: readonly ExecutionChange[]): void {
    for (const change of changes) this.#savedOne(change)
  }

  wrote({ stream, text, functionName, executionArn }: LogLine): void {
    // Lambda's own lines tell what is told here in other words.
    if (stream === 'platform' && /^(START|END|REPORT|INIT)/.test(text)) return
    const of = executionArn === undefined ? { function: functionName } : factsIn(executionArn)
    this.#ports.tell({ kind: 'output', at: iso(this.#ports.now()), ...of, text })
  }

  #savedOne({ arn, facts, progress, operations, events }: ExecutionChange): void {
    const watched = this.#watched.get(arn) ?? this.#watch(arn, facts?.startedAt)
    for (const { record } of operations) note(watched, record)
    for (const event of events) this.#happened(arn, watched, event, facts?.input)
    const last = events.at(-1)
    if (progress.status !== 'RUNNING') this.#watched.delete(arn)
    else if (last?.type === 'InvocationCompleted' && !progress.invocation) {
      if (progress.retryAt === undefined) this.#suspended(arn, watched, last.at)
    }
  }

  #watch(arn: string, startedAt: number | undefined): Watched {
    const stored = startedAt === undefined ? this.#ports.read(arn) : undefined
    const watched: Watched = {
      open: new Map(),
      names: new Map(),
      told: new Set(),
      startedAt: startedAt ?? stored?.facts.startedAt ?? this.#ports.now(),
    }
    for (const { record } of stored?.operations ?? []) note(watched, record)
    this.#watched.set(arn, watched)
    return watched
  }

  #happened(
    arn: string,
    { startedAt, names }: Watched,
    event: StoredEvent,
    input: string | undefined,
  ): void {
    const { type, at } = event
    const { Error, Result } = event.details as {
      readonly Error?: { readonly Payload?: ErrorRecord }
      readonly Result?: { readonly Payload?: string }
    }
    const { FunctionName: callee } = event.details as { readonly FunctionName?: string }
    if (callee !== undefined && event.subject) names.set(event.subject.Id, callee)
    if (type === 'ExecutionStarted') {
      const text = `started${input === undefined ? '' : ` with ${oneLine(input, mostShown)}`}`
      this.#tell('started', arn, at, text)
    } else if (type === 'InvocationCompleted' && Error?.Payload) {
      this.#tell('invocation-failed', arn, at, `an invocation failed: ${errorText(Error.Payload)}`)
    } else if (type.startsWith('Execution')) {
      const status = statuses[type] ?? type
      const what = Error?.Payload
        ? errorText(Error.Payload)
        : oneLine(Result?.Payload ?? '', mostShown)
      const text = `${status} after ${span(at - startedAt)}${what === '' ? '' : `  ${what}`}`
      this.#tell('ended', arn, at, text, status)
    }
  }

  #suspended(arn: string, { open, names, told }: Watched, at: number): void {
    const pending = [...open.values()].filter(isPending)
    const timed = pending
      .flatMap((record) => {
        const due = dueAt(record)
        return due === undefined ? [] : [{ due, record }]
      })
      .toSorted((one, other) => one.due - other.due)
    const callees = pending.filter(({ Type }) => Type === 'CHAINED_INVOKE')
    const [first] = timed
    if (first) {
      const words = wordsOf(first.record, names)
      const what = first.record.Type === 'STEP' ? `the next attempt of ${words}` : words
      this.#tell('suspended', arn, at, `suspended until ${moment(iso(first.due))} for ${what}`)
    } else if (callees[0]) {
      this.#tell(
        'suspended',
        arn,
        at,
        `suspended for ${callees.map((one) => wordsOf(one, names)).join(', ')}`,
      )
    }
    const callbacks = pending.filter(({ Type }) => Type === 'CALLBACK')
    for (const record of callbacks) {
      if (told.has(record.Id)) continue
      told.add(record.Id)
      const name = record.Name ?? names.get(record.ParentId ?? '') ?? record.Id
      const which = callbacks.length > 1 ? ` --name ${shellWord(name)}` : ''
      const { execution } = factsIn(arn)
      const command = `perdure callback succeed ${shortName(execution)}${which} --result '{}'${this.#ports.flags()}`
      this.#tell('callback', arn, at, `waits for callback ${JSON.stringify(name)}: ${command}`)
    }
  }

  #tell(kind: Happening['kind'], arn: string, at: number, text: string, status?: string): void {
    const facts = { kind, at: iso(at), ...factsIn(arn), arn, text }
    this.#ports.tell(status === undefined ? facts : { ...facts, status })
  }
}

const statuses: Readonly<Record<string, string>> = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'FAILED',
  ExecutionTimedOut: 'TIMED_OUT',
  ExecutionStopped: 'STOPPED',
}

function note({ open, names }: Watched, record: OperationRecord): void {
  if (record.Type === 'EXECUTION') return
  if (isSettled(record)) {
    open.delete(record.Id)
    names.delete(record.Id)
    return
  }
  open.set(record.Id, record)
  if (record.Type === 'CONTEXT' && record.Name !== undefined) names.set(record.Id, record.Name)
}

function isPending({ Type, Status }: OperationRecord): boolean {
  return Type !== 'CONTEXT' && (Type !== 'STEP' || Status === 'PENDING')
}

function wordsOf({ Id, ...record }: OperationRecord, names: ReadonlyMap<string, string>): string {
  const { Type: type, SubType: subType, Name = names.get(Id) } = record
  return describeOperation({ type, subType }, Name)
}

function errorText({ ErrorType: type, ErrorMessage: message = '' }: ErrorRecord): string {
  const said = message.replace(/^RequestId: \S+ (Error: )?/, '')
  return oneLine(type == null ? said : `${type}: ${said}`, 200)
}

function factsIn(arn: string): { function: string; execution: string } {
  const [, name = '', execution = ''] =
    /:function:([^:/]+)[^/]*\/durable-execution\/([^/]+)\//.exec(arn) ?? []
  return { function: name, execution }
}

/** Names that nobody chose are long, and their beginning will do. */
export function shortName(name: string): string {
  return /^[\da-f]{8}-[\da-f-]{27}$/.test(name) ? name.slice(0, 8) : name
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
