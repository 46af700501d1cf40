import { nextTurn, systemClock } from '../../kernel/clock.ts'
import { toSeconds } from '../../kernel/duration.ts'
import { fromErrorRecord } from '../../kernel/error-record.ts'
import { lenientJson } from '../../kernel/serdes.ts'
import type { HistoryEvent } from '../../service/history.ts'
import { Embedded } from '../embedded.ts'
import { Callees, freeName, locationOf } from './callees.ts'
import { CallbackScript } from './callback-script.ts'
import { checkRunOptions } from './check-options.ts'
import { Chronicle, type Chapter } from './chronicle.ts'
import { Execution } from './execution.ts'
import { failureOf, type CallbackError, type CallbackSender, type HandleGround } from './handle.ts'
import { History } from './history.ts'
import { InvocationReport } from './invocation-report.ts'
import type { RunOptions } from './options.ts'
import { jsonOf } from './payload.ts'
import { Pace } from './pace.ts'
import { RunResult } from './result.ts'
import { standInsOf, type StandIns } from './stand-ins.ts'
import { handlerMaker, type Subject } from './subject.ts'
import { Watch } from './watch.ts'
import { Witness } from './witness.ts'

/** One execution on the emulated service in this process. */
export class LocalRun {
  readonly execution: Execution
  readonly #options: RunOptions
  readonly #functionName: string
  readonly #pace: Pace
  readonly #watch: Watch
  readonly #standIns: StandIns
  readonly #witness: Witness
  readonly #embedded: Embedded
  readonly #script: CallbackScript
  readonly #ground: HandleGround
  /** Executions of the functions that the workflow invokes. */
  readonly #others = new Map<Chapter, History>()
  readonly #callees: Callees
  #main: Chapter | undefined

  constructor(subject: Subject, options: RunOptions, realClock = systemClock) {
    checkRunOptions(options)
    this.#options = options
    this.#functionName = freeName(options.functions ?? {})
    this.#pace = new Pace(options, realClock, () => void this.#close('got stuck'))
    this.#watch = new Watch({ onDemand: (isWanted) => void this.#pace.demand(isWanted) })
    this.#standIns = standInsOf(options.steps, options.compensations)
    this.#witness = this.#makeWitness()
    this.#embedded = this.#makeService()
    const sender = senderOf(this.#embedded)
    this.#script = this.#makeScript(sender)
    this.#ground = { watch: this.#watch, errors: options.driver?.errors ?? [], sender }
    this.#callees = this.#register(subject)
    this.execution = new Execution({
      ground: this.#ground,
      arn: () => this.#main?.arn ?? '',
      status: () => this.#main?.progress.status ?? 'RUNNING',
      isSuspended: () => this.#isSuspended,
      result: () => this.#result(),
      stop: (error) => this.#stop(error),
    })
    this.#begin().catch((error: unknown) => void this.#close(error as Error))
  }

  get #isSuspended(): boolean {
    const { progress, events = 0 } = this.#main ?? {}
    return events > 1 && progress?.status === 'RUNNING' && progress.invocation === undefined
  }

  #makeWitness(): Witness {
    const { steps, compensations, crashes, onInvocation } = this.#options
    return new Witness({
      functionName: this.#functionName,
      clock: this.#pace.clock,
      standIn: steps || compensations ? this.#standIns.standIn : undefined,
      crashes,
      onInvocation,
    })
  }

  #makeService(): Embedded {
    const { limits, random, functions = {}, driver } = this.#options
    return new Embedded({
      ...locationOf(Object.keys(functions)),
      clock: this.#pace.clock,
      determinism: driver?.determinism ?? 'check',
      store: new Chronicle(
        (chapter, event) => void this.#see(chapter, event),
        (chapter) => void this.#changed(chapter),
      ),
      ...(limits ? { limits } : {}),
      ...(random ? { random } : {}),
      observe: (invocation) => this.#witness.observe(invocation),
      between: (service, request) => this.#witness.between(service, request),
      onEnd: (request, failure) => {
        this.#pace.sign()
        this.#callees.note(request)
        this.#witness.ended(request, failure)
      },
    })
  }

  #makeScript(sender: CallbackSender): CallbackScript {
    return new CallbackScript({
      scripts: this.#options.callbacks ?? {},
      clock: this.#pace.clock,
      sender,
      onFailure: (error) => void this.#close(error as Error),
    })
  }

  #register(subject: Subject): Callees {
    const { functions = {}, driver, timeout, invocationTimeout } = this.#options
    const handlerOf = handlerMaker(driver)
    const handler = handlerOf(subject, (misuse) => void this.#close(misuse))
    this.#embedded.register(this.#functionName, handler, {
      ...(timeout ? { durable: { executionTimeoutSeconds: toSeconds(timeout, 'timeout') } } : {}),
      ...(invocationTimeout
        ? { timeoutSeconds: toSeconds(invocationTimeout, 'invocationTimeout') }
        : {}),
    })
    return new Callees(functions, this.#embedded, handlerMaker(driver))
  }

  async #begin(): Promise<void> {
    const { input, driver, name } = this.#options
    const context = { operationId: 'input', executionArn: '' }
    const Payload = driver?.serdes
      ? await driver.serdes.serialize(input, context)
      : jsonOf('The input', input ?? null)
    await this.#embedded.service.invoke({
      FunctionName: this.#functionName,
      Qualifier: '$LATEST',
      InvocationType: 'Event',
      DurableExecutionName: name,
      Payload,
    })
  }

  #see(chapter: Chapter, event: HistoryEvent): void {
    this.#pace.sign()
    this.#main ??= chapter
    const history = chapter === this.#main ? this.#watch.history : this.#historyOf(chapter)
    const operation = history.add(event)
    if (operation && event.EventType === 'CallbackStarted') this.#script.meet(operation)
  }

  #historyOf(chapter: Chapter): History {
    const history = this.#others.get(chapter) ?? new History()
    this.#others.set(chapter, history)
    return history
  }

  #changed(chapter: Chapter): void {
    if (chapter !== this.#main) return
    this.#watch.look()
    const { status } = chapter.progress
    // In the next turn, all that the last invocation had still to say has been heard.
    if (status !== 'RUNNING') nextTurn(() => void this.#close(`ended as ${status}`))
  }

  #close(closing: string | Error): void {
    this.#witness.tell()
    this.#watch.close(closing)
    this.#pace.end()
  }

  async #result(): Promise<RunResult> {
    const closing = await this.#watch.whenClosed()
    if (closing instanceof Error) throw closing
    const { arn = '', progress } = this.#main ?? {}
    const { status = 'RUNNING', result, error } = progress ?? {}
    const { errors = [], serdes = lenientJson } = this.#options.driver ?? {}
    const context = { operationId: 'result', executionArn: arn }
    const hasValue = result !== undefined && result !== ''
    return new RunResult(
      {
        executionArn: arn,
        status,
        payload: result,
        value: hasValue ? await serdes.deserialize(result, context) : undefined,
        error: error && fromErrorRecord(error, errors),
        errorRecord: error,
        invocations: this.#witness.transcripts.map((one) => new InvocationReport(one)),
        unanswered: this.#script.unanswered,
        unused: {
          callbacks: this.#script.unused,
          crashes: this.#witness.unusedCrashes,
          ...this.#standIns.unused(),
          functions: this.#callees.unused,
        },
      },
      this.#ground,
    )
  }

  async #stop(error: CallbackError | undefined): Promise<void> {
    await this.#embedded.service.stopDurableExecution({
      DurableExecutionArn: this.#main?.arn ?? '',
      ...(error ? { Error: failureOf(error) } : {}),
    })
  }
}

function senderOf({ service }: Embedded): CallbackSender {
  return {
    succeed: (CallbackId, Result) =>
      service.sendDurableExecutionCallbackSuccess({ CallbackId, Result }),
    fail: (CallbackId, Error) => service.sendDurableExecutionCallbackFailure({ CallbackId, Error }),
    heartbeat: (CallbackId) => service.sendDurableExecutionCallbackHeartbeat({ CallbackId }),
  }
}
