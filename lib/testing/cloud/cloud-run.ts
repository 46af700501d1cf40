import { scopeOf } from '../../checkpoint/failures.ts'
import { toEpochMilliseconds } from '../../journal/time.ts'
import { sleep, type Clock } from '../../kernel/clock.ts'
import { fromErrorRecord, type ErrorClass, type ErrorRecord } from '../../kernel/error-record.ts'
import { PerdureError, reasonOf } from '../../kernel/errors.ts'
import { lenientJson, type Serdes } from '../../kernel/serdes.ts'
import type { ExecutionStatus } from '../../service/api.ts'
import type { HistoryEvent } from '../../service/history.ts'
import { CallbackScript } from '../runner/callback-script.ts'
import { Execution } from '../runner/execution.ts'
import { failureOf, type CallbackSender, type HandleGround } from '../runner/handle.ts'
import { InvocationReport } from '../runner/invocation-report.ts'
import { jsonOf } from '../runner/payload.ts'
import { RunResult } from '../runner/result.ts'
import { Watch } from '../runner/watch.ts'
import { awaited } from '../runner/words.ts'
import { eventsIn, type CloudCalls } from './client.ts'
import type { CloudRunOptions } from './options.ts'

export interface CloudSetting {
  readonly calls: CloudCalls
  readonly functionName: string
  readonly qualifier: string | undefined
  readonly pollMilliseconds: number
  readonly timeoutMilliseconds: number
  readonly clock: Clock
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- it serves workflows of any result
  readonly serdes: Serdes<any> | undefined
  readonly errors: readonly ErrorClass[]
}

interface Standing {
  readonly status: ExecutionStatus
  readonly result: string | undefined
  readonly error: ErrorRecord | undefined
}

const pageSize = 1000
const notNamed = { callbacks: [], crashes: [], steps: [], compensations: [], functions: [] }

/** One execution of a deployed function, followed by asking for its history. */
export class CloudRun {
  readonly execution: Execution
  readonly #setting: CloudSetting
  readonly #watch = new Watch()
  readonly #script: CallbackScript
  readonly #ground: HandleGround
  #arn = ''
  #standing: Standing = { status: 'RUNNING', result: undefined, error: undefined }
  /** Where the last page began that was read. */
  #marker: string | undefined
  #seen = 0

  constructor(setting: CloudSetting, input: unknown, options: CloudRunOptions) {
    this.#setting = setting
    const sender = senderOf(setting.calls)
    this.#script = new CallbackScript({
      scripts: options.callbacks ?? {},
      clock: setting.clock,
      sender,
      onFailure: (error) => void this.#watch.close(error as Error),
    })
    this.#ground = { watch: this.#watch, errors: setting.errors, sender }
    this.execution = new Execution({
      ground: this.#ground,
      arn: () => this.#arn,
      status: () => this.#standing.status,
      isSuspended: () => this.#watch.history.events.at(-1)?.EventType === 'InvocationCompleted',
      result: () => this.#result(),
      stop: async (error) => {
        const request = {
          DurableExecutionArn: this.#arn,
          ...(error ? { Error: failureOf(error) } : {}),
        }
        await called('StopDurableExecution', setting.calls.stopDurableExecution(request))
      },
    })
    this.#follow(input, options).catch((error: unknown) => void this.#watch.close(error as Error))
  }

  async #follow(input: unknown, options: CloudRunOptions): Promise<void> {
    const { clock, pollMilliseconds, timeoutMilliseconds } = this.#setting
    const deadline = clock.now() + timeoutMilliseconds
    await this.#invoke(input, options)
    for (;;) {
      await this.#readNew()
      this.#watch.look()
      const { end } = this.#watch.history
      if (this.#watch.isClosed) return
      if (end) break
      if (clock.now() >= deadline) throw this.#timedOut()
      await sleep(clock, pollMilliseconds)
    }
    this.#standing = await this.#describe()
    this.#watch.close(`ended as ${this.#standing.status}`)
  }

  async #invoke(input: unknown, { name }: CloudRunOptions): Promise<void> {
    const { calls, functionName, qualifier, serdes } = this.#setting
    const context = { operationId: 'input', executionArn: '' }
    const text = serdes
      ? await serdes.serialize(input, context)
      : jsonOf('The input', input ?? null)
    const request = {
      FunctionName: functionName,
      ...(qualifier === undefined ? {} : { Qualifier: qualifier }),
      // To wait for the answer would be to wait for the end, with nobody there to answer callbacks.
      InvocationType: 'Event' as const,
      ...(name === undefined ? {} : { DurableExecutionName: name }),
      Payload: new TextEncoder().encode(text),
    }
    const { DurableExecutionArn: arn } = await called('Invoke', calls.invoke(request))
    if (!arn) {
      throw new PerdureError(
        'SERVICE_CALL_FAILED',
        `Invoke of ${functionName} was answered without the ARN of an execution. Is the function ` +
          'created with a durable configuration, and is the AWS SDK new enough to know of it?',
      )
    }
    this.#arn = arn
  }

  /** Reads on from the page that was the last one; what was seen of it is passed over. */
  async #readNew(): Promise<void> {
    for (;;) {
      const page = await this.#readPage()
      if (!page) return
      for (const event of eventsIn(page.Events)) this.#see(event)
      if (!page.NextMarker) return
      this.#marker = page.NextMarker
    }
  }

  /** A page of the history; nothing where the service has none yet, or asks for patience. */
  async #readPage() {
    try {
      return await this.#setting.calls.getDurableExecutionHistory({
        DurableExecutionArn: this.#arn,
        IncludeExecutionData: true,
        MaxItems: pageSize,
        ...(this.#marker === undefined ? {} : { Marker: this.#marker }),
      })
    } catch (error) {
      const isEarly =
        this.#seen === 0 && (error as Error | undefined)?.name === 'ResourceNotFoundException'
      if (isEarly || scopeOf(error) === 'throttled') return undefined
      throw callFailed('GetDurableExecutionHistory', error)
    }
  }

  #see(event: HistoryEvent): void {
    if (event.EventId <= this.#seen) return
    this.#seen = event.EventId
    const operation = this.#watch.history.add(event)
    if (operation && event.EventType === 'CallbackStarted') this.#script.meet(operation)
  }

  /** The whole of the result or error: an event may hold less. */
  async #describe(): Promise<Standing> {
    const request = { DurableExecutionArn: this.#arn }
    const answer = await called(
      'GetDurableExecution',
      this.#setting.calls.getDurableExecution(request),
    )
    const { end } = this.#watch.history
    return {
      status: (answer.Status ?? end?.status ?? 'RUNNING') as ExecutionStatus,
      result: answer.Result ?? end?.result,
      error: answer.Error ?? end?.error,
    }
  }

  async #result(): Promise<RunResult> {
    const closing = await this.#watch.whenClosed()
    if (closing instanceof Error) throw closing
    const { status, result, error } = this.#standing
    const { serdes = lenientJson, errors } = this.#setting
    const context = { operationId: 'result', executionArn: this.#arn }
    return new RunResult(
      {
        executionArn: this.#arn,
        status,
        payload: result,
        value: result ? await serdes.deserialize(result, context) : undefined,
        error: error && fromErrorRecord(error, errors),
        errorRecord: error,
        invocations: invocationsIn(this.#watch.history.events),
        unanswered: this.#script.unanswered,
        unused: { ...notNamed, callbacks: this.#script.unused },
      },
      this.#ground,
    )
  }

  #timedOut(): PerdureError {
    const waits = awaited(this.#watch.history.operations).join(', ')
    const seconds = this.#setting.timeoutMilliseconds / 1000
    return new PerdureError(
      'RUN_TIMED_OUT',
      `The execution has not ended within ${seconds} seconds` +
        (waits === '' ? '.' : `. It waits for ${waits}.`) +
        `\nIt is still running: ${this.#arn}`,
    )
  }
}

function senderOf(calls: CloudCalls): CallbackSender {
  return {
    async succeed(CallbackId, result) {
      const Result = result === undefined ? {} : { Result: new TextEncoder().encode(result) }
      await calls.sendDurableExecutionCallbackSuccess({ CallbackId, ...Result })
    },
    async fail(CallbackId, Error) {
      await calls.sendDurableExecutionCallbackFailure({ CallbackId, Error })
    },
    async heartbeat(CallbackId) {
      await calls.sendDurableExecutionCallbackHeartbeat({ CallbackId })
    },
  }
}

async function called<T>(name: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw callFailed(name, error)
  }
}

function callFailed(call: string, cause: unknown): PerdureError {
  const { name } = (cause ?? {}) as { name?: unknown }
  const type = typeof name === 'string' ? name : undefined
  const message = `${call} failed: ${type === undefined ? '' : `${type}: `}${reasonOf(cause)}`
  return new PerdureError('SERVICE_CALL_FAILED', message, { errorType: type, cause })
}

/** What the history tells of invocations: when each began, and what it died of. */
function invocationsIn(events: readonly HistoryEvent[]): InvocationReport[] {
  return events
    .flatMap(({ InvocationCompletedDetails: details }) => (details ? [details] : []))
    .map(({ StartTimestamp, Error }, index) => {
      const { ErrorType = 'Error', ErrorMessage = '' } = Error?.Payload ?? {}
      const died = { what: 'died', reason: `${ErrorType}: ${ErrorMessage}`, amid: [] } as const
      return new InvocationReport({
        number: index + 1,
        at: toEpochMilliseconds(StartTimestamp) ?? NaN,
        entries: Error ? [died] : [],
      })
    })
}
