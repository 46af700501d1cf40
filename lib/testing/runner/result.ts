import type { OperationStatus } from '../../journal/record.ts'
import type { ErrorRecord } from '../../kernel/error-record.ts'
import { PerdureError } from '../../kernel/errors.ts'
import { checkFunction } from '../../operations/options.ts'
import type { ExecutionStatus } from '../../service/api.ts'
import type { HistoryEvent } from '../../service/history.ts'
import { OperationHandle, type HandleGround } from './handle.ts'
import type { InvocationReport } from './invocation-report.ts'
import { printed } from './print.ts'
import { awaited } from './words.ts'

/** What was given to a run and came to nothing: a typing slip, as a rule. */
export interface Unused {
  readonly callbacks: readonly string[]
  readonly crashes: readonly string[]
  readonly steps: readonly string[]
  readonly compensations: readonly string[]
  readonly functions: readonly string[]
}

export interface RunFacts {
  readonly executionArn: string
  readonly status: ExecutionStatus
  /** The result as text. */
  readonly payload: string | undefined
  readonly value: unknown
  readonly error: Error | undefined
  readonly errorRecord: ErrorRecord | undefined
  readonly invocations: readonly InvocationReport[]
  readonly unanswered: readonly string[]
  readonly unused: Unused
}

/** How a run went. */
export class RunResult<O = unknown> {
  readonly executionArn: string
  /** RUNNING when nothing was left that could move the execution any further. */
  readonly status: ExecutionStatus
  /** The result as text. */
  readonly payload: string | undefined
  /** What the execution failed with, rebuilt from its record. */
  readonly error: Error | undefined
  /** The same as the service keeps it. */
  readonly errorRecord: ErrorRecord | undefined
  readonly invocations: readonly InvocationReport[]
  /** The history, in the shape of the API. */
  readonly events: readonly HistoryEvent[]
  /** Names of the callbacks that are waited for and that nobody has an answer for. */
  readonly unanswered: readonly string[]
  readonly unused: Unused
  readonly #value: unknown
  readonly #ground: HandleGround

  constructor(facts: RunFacts, ground: HandleGround) {
    const { value, ...shown } = facts
    this.executionArn = shown.executionArn
    this.status = shown.status
    this.payload = shown.payload
    this.error = shown.error
    this.errorRecord = shown.errorRecord
    this.invocations = shown.invocations
    this.events = ground.watch.history.events
    this.unanswered = shown.unanswered
    this.unused = shown.unused
    this.#value = value
    this.#ground = ground
  }

  /**
   * What the workflow returned. Throws what it failed with, and EXECUTION_STUCK where it can never
   * end, so that a spec which asks for a value shows why there is none.
   */
  get value(): O {
    if (this.status === 'SUCCEEDED') return this.#value as O
    throw this.error ?? this.#stuck()
  }

  /** What an execution that has not ended waits for, in words. */
  get waitsFor(): readonly string[] {
    return this.status === 'RUNNING' ? awaited(this.#ground.watch.history.operations) : []
  }

  /** All operations in the order of their start, or those of a status. */
  operations(filter: { readonly status?: OperationStatus } = {}): OperationHandle[] {
    return this.#ground.watch.history.operations
      .filter(({ status }) => filter.status === undefined || status === filter.status)
      .map(({ id }) => new OperationHandle(this.#ground, { id }))
  }

  /** The run as a tree of its operations. Answers the text, and hands it to `write` if there is one. */
  print(write?: (text: string) => void): string {
    const text = printed(this, this.#ground.watch.history)
    if (write !== undefined) checkFunction(write, 'write')(text)
    return text
  }

  #stuck(): PerdureError {
    const waits = this.waitsFor.join(', ')
    const what =
      waits === '' ? 'Nothing more has come of it within a virtual year' : `It waits for ${waits}`
    const [name] = this.unanswered
    const slips = this.unused.callbacks.map((one) => JSON.stringify(one)).join(', ')
    return new PerdureError(
      'EXECUTION_STUCK',
      `The execution can never end. ${what}.` +
        (name === undefined
          ? ''
          : `\nGive it an answer: callbacks: { ${JSON.stringify(name)}: { succeed: … } }`) +
        (slips === '' ? '' : `\nNo callback was made that is called ${slips}.`),
    )
  }
}
