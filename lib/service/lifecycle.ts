import type { Clock } from '../kernel/clock.ts'
import type { ErrorRecord } from '../kernel/error-record.ts'
import { trace } from '../kernel/log.ts'
import type { Random } from '../kernel/random.ts'
import { nothingPending, readAnswer } from './answer.ts'
import { appointmentsOf, retryAt, timeoutOf } from './appointments.ts'
import { executionArn } from './arn.ts'
import { call } from './call.ts'
import type { Execution } from './execution.ts'
import type { Executions } from './executions.ts'
import type { ForkedState } from './fork.ts'
import type { Functions, RegisteredFunction } from './functions.ts'
import {
  callbackTimeout,
  endEvent,
  executionTimeout,
  functionNotFound,
  heartbeatTimeout,
  settlementOf,
  type Ending,
} from './ending.ts'
import { event, eventData } from './history.ts'
import { invocationRequest } from './invocation-request.ts'
import { retryDelay, type InvocationRetry } from './invocation-retry.ts'
import { failureRecord, InvocationFailure, isCrash, type Invoker } from './invoker.ts'
import type { Live } from './live.ts'
import { Scheduler, type Appointment, type WhenDue } from './scheduler.ts'
import type { ServiceLimits } from './service-limits.ts'
import type { ExecutionFacts } from './store.ts'
import { TokenChain } from './token.ts'
import { elapsed, settled, type Settlement } from './transition.ts'

// What happens to executions between the calls of the API: they are invoked, wait, are invoked
// again, and end.
//
//   I1. At most one invocation of an execution is in flight. An answer counts only while it is.
//   I2. Whatever befalls an operation while no invocation is in flight causes one at once; what
//       befalls it meanwhile is told by the next checkpoint, or else by one more invocation.
//   I3. When an execution ends, an invocation in flight is written off: its end is noted first, so
//       that the end of the execution is the last event, and its token opens nothing any more.
//   I4. All that one cause changes is saved before anything acts on it: functions are called, and
//       promises kept, only in a later microtask.

export interface Parts {
  readonly clock: Clock
  /** Invocations live in processes, and those by real time, whatever the time in the service. */
  readonly invocationClock: Clock
  readonly random: Random
  readonly invoker: Invoker
  readonly functions: Functions
  readonly executions: Executions
  readonly limits: ServiceLimits
  readonly retry: InvocationRetry
  readonly whenDue?: WhenDue | undefined
}

/** What an execution is started with. */
export interface Start {
  readonly name?: string | undefined
  readonly input?: string | undefined
  readonly tenantId?: string | undefined
  readonly parent?: { readonly executionArn: string; readonly operationId: string }
}

export class Lifecycle {
  readonly #parts: Parts
  readonly #live = new WeakMap<Execution, Live>()
  #isClosed = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Does `work`, then saves all that it changed, also when it ends in a refusal. */
  act<T>(work: () => T): T {
    try {
      return work()
    } finally {
      this.#parts.executions.save()
    }
  }

  /** The same for what happens by itself; nothing does once this is closed. */
  later(work: () => void): void {
    if (!this.#isClosed) this.act(work)
  }

  /** From now on nothing happens by itself; all that is under way is left as it is. */
  close(): void {
    this.#isClosed = true
  }

  live(execution: Execution): Live {
    const known = this.#live.get(execution)
    if (known) return known
    const scheduler: Scheduler = new Scheduler(this.#parts.clock, () => {
      // What is due would stay so, and fire at once for ever.
      if (this.#isClosed) return scheduler.clear()
      this.act(() => {
        if (this.applyDue(live)) this.wake(live)
      })
    })
    const live: Live = { execution, scheduler, soon: new Set(), waiting: [] }
    this.#live.set(execution, live)
    return live
  }

  /** The facts of an execution that could start now; nothing is started yet. */
  plan(callee: RegisteredFunction, start: Start): ExecutionFacts {
    const { random, clock, executions } = this.#parts
    const { name = random.uuid(), input, tenantId, parent } = start
    const id = random.uuid()
    const { timeoutSeconds, retentionDays } = callee.durable ?? {}
    return {
      arn: executionArn(callee.arn, name, id),
      id,
      ordinal: executions.nextOrdinal(),
      name,
      functionName: callee.name,
      version: callee.version,
      functionArn: callee.arn,
      startedAt: clock.now(),
      timeoutSeconds: timeoutSeconds ?? 0,
      retentionDays: retentionDays ?? 0,
      ...(input === undefined ? {} : { input }),
      ...(tenantId === undefined ? {} : { tenantId }),
      ...(parent === undefined ? {} : { parent }),
    }
  }

  /**
   * Takes up an execution that was stored, in a new process. An invocation that was in flight has
   * died with the old one, through no fault of the function.
   */
  resume(execution: Execution): Live {
    const live = this.live(execution)
    const { facts, progress } = execution
    live.scheduler.add(timeoutOf(facts))
    if (progress.retryAt !== undefined) live.scheduler.add(retryAt(progress.retryAt))
    for (const { Id } of execution.records()) this.schedule(live, Id)
    if (progress.invocation) {
      this.#complete(live, {
        ErrorType: 'Runtime.ExitError',
        ErrorMessage: 'The service was restarted during the invocation.',
      })
      this.wake(live)
    } else if (!execution.events.some(({ type }) => type === 'InvocationCompleted')) {
      this.wake(live)
    }
    return live
  }

  /** Begins an execution; its first invocation is up to the caller. */
  start(facts: ExecutionFacts): Live {
    const { clock, executions } = this.#parts
    const live = this.live(executions.add({ ...facts, ordinal: executions.nextOrdinal() }))
    const now = clock.now()
    const details = { Input: eventData(facts.input), ExecutionTimeout: facts.timeoutSeconds }
    live.execution.append(event('ExecutionStarted', now, details, { Id: facts.id }))
    live.scheduler.add(timeoutOf(facts))
    trace.service.say('%s started', facts.arn)
    return live
  }

  /** Gives an execution that has just begun the past of another one, which started at `startedAt`. */
  goOnFrom(live: Live, { operations, events }: ForkedState, startedAt: number): void {
    const { execution } = live
    const own = execution.get(execution.facts.id)
    if (own) execution.put({ ...own, StartTimestamp: startedAt }, 'update')
    for (const { record, extras } of operations) {
      execution.put(record, 'update', extras)
      this.schedule(live, record.Id)
    }
    for (const one of events) execution.append(one)
  }

  /** Invokes the function, unless that is being done or would be too early (I1). */
  wake(live: Live): void {
    const { isRunning, progress } = live.execution
    if (isRunning && !progress.invocation && progress.retryAt === undefined) this.#invoke(live)
  }

  /**
   * Does `work` when the invocation in flight is over, or soon if that takes longer. So a caller with
   * nothing else to do is suspended before its callee starts, as it would be far from its callee.
   */
  soon(live: Live, work: () => void): void {
    const run = () => {
      timer.cancel()
      if (live.soon.delete(run)) work()
    }
    const timer = this.#parts.invocationClock.startTimer(soonMilliseconds, () => this.later(run))
    live.soon.add(run)
  }

  /** Resolves when the execution has ended. */
  ended(live: Live): Promise<void> {
    if (!live.execution.isRunning) return Promise.resolve()
    return new Promise((resolve) => live.waiting.push(resolve))
  }

  /** Lets happen what is due. Answers whether anything was. */
  applyDue(live: Live): boolean {
    const due = live.scheduler.takeDue(this.#parts.clock.now())
    const kept = due.filter((appointment) => !this.#isPutOff(live, appointment))
    for (const appointment of kept) if (live.execution.isRunning) this.#apply(live, appointment)
    return kept.length > 0
  }

  /** Whether an appointment is left to whoever decides when it is kept. */
  #isPutOff(live: Live, { kind, id, due }: Appointment): boolean {
    const { whenDue } = this.#parts
    const { execution } = live
    const record = execution.get(id)
    if (!whenDue || !record || kind === 'execution' || kind === 'invocation') return false
    whenDue({ kind, record }, () => {
      this.later(() => {
        const now = execution.get(id)
        if (!execution.isRunning || !now) return
        // By now it may have been cancelled, settled otherwise, or put off by a heartbeat.
        const open = appointmentsOf(now, execution.extrasOf(id))
        if (!open.some((one) => one.kind === kind && one.due === due)) return
        this.#apply(live, { kind, id, due })
        this.wake(live)
      })
    })
    return true
  }

  /** Ends a callback or a chained invoke. Answers whether it was still open. */
  settle(live: Live, operationId: string, settlement: Settlement): boolean {
    const { execution, scheduler } = live
    const record = execution.get(operationId)
    if (!execution.isRunning || record?.Status !== 'STARTED') return false
    if (record.Type !== 'CALLBACK' && record.Type !== 'CHAINED_INVOKE') return false
    scheduler.cancel('callback', operationId)
    scheduler.cancel('heartbeat', operationId)
    this.#befall(execution, settled(record, settlement, this.#parts.clock.now()))
    return true
  }

  /** Takes note of a callback's heartbeat. Answers whether the callback was still open. */
  beat(live: Live, operationId: string): boolean {
    const { execution } = live
    if (!execution.isRunning || execution.get(operationId)?.Status !== 'STARTED') return false
    const callback = execution.extrasOf(operationId)?.callback
    if (!callback || callback.heartbeatSeconds === 0) return true
    const beatAt = this.#parts.clock.now()
    execution.note(operationId, { callback: { ...callback, beatAt } })
    this.schedule(live, operationId)
    return true
  }

  /** Makes the appointments that an operation's record asks for, and drops those it is past. */
  schedule({ execution, scheduler }: Live, id: string): void {
    const record = execution.get(id)
    if (record?.Status === 'CANCELLED') scheduler.cancel('wait', id)
    else if (record) {
      for (const one of appointmentsOf(record, execution.extrasOf(id))) scheduler.add(one)
    }
  }

  end(live: Live, ending: Ending): void {
    const { execution, scheduler } = live
    if (!execution.isRunning) return
    if (execution.progress.invocation) this.#complete(live) // I3
    const now = this.#parts.clock.now()
    const { status } = ending
    const record = execution.get(execution.facts.id)
    if (record) execution.put({ ...record, Status: status, EndTimestamp: now }, 'update')
    if (status === 'SUCCEEDED') {
      execution.advance({ status, endedAt: now, result: ending.result, retryAt: undefined })
    } else {
      execution.advance({ status, endedAt: now, error: ending.error, retryAt: undefined })
    }
    execution.append(endEvent(ending, now, execution.facts.id))
    trace.service.say('%s ended %s', execution.arn, status)
    scheduler.clear()
    for (const resolve of live.waiting.splice(0)) resolve()
    this.#tellParent(execution, ending)
  }

  #invoke(live: Live): void {
    const { clock, invocationClock, random, functions, limits } = this.#parts
    const { execution } = live
    const { functionName, version } = execution.facts
    const callee = functions.get(functionName, version)
    if (!callee) {
      return this.end(live, { status: 'FAILED', error: functionNotFound(functionName) })
    }
    const now = clock.now()
    const requestId = random.uuid()
    live.tokens = new TokenChain(requestId)
    const request = invocationRequest(execution, callee, limits, {
      requestId,
      token: live.tokens.current,
      now: invocationClock.now(),
      updated: execution.takeNews(),
    })
    execution.advance({ invocation: { requestId, startedAt: now } })
    trace.service.say('%s invoked, request %s', execution.arn, requestId)
    const { answer, timer } = call(this.#parts, request, callee.timeoutSeconds)
    live.deadline = timer
    const isCurrent = () => execution.progress.invocation?.requestId === requestId // I1
    answer.then(
      (returned) => this.later(() => isCurrent() && this.#answered(live, returned)),
      (thrown: unknown) => this.later(() => isCurrent() && this.#failed(live, thrown)),
    )
  }

  #answered(live: Live, returned: unknown): void {
    const { execution } = live
    const answer = readAnswer(returned)
    if (answer.status === 'SUCCEEDED' && isOver(answer.result, this.#parts.limits)) {
      return this.#failed(live, responseTooLarge(this.#parts.limits))
    }
    if (answer.status !== 'PENDING') {
      this.#complete(live)
      return this.end(live, answer)
    }
    if (execution.hasNews || execution.pending > 0) {
      this.#complete(live)
      execution.advance({ crashes: 0, errors: 0, idle: 0 })
      if (execution.hasNews) this.wake(live) // I2
      return
    }
    this.#complete(live, nothingPending)
    execution.advance({ idle: execution.progress.idle + 1 })
    if (execution.progress.idle < idleAttempts) return this.wake(live)
    this.end(live, { status: 'FAILED', error: nothingPending })
  }

  #failed(live: Live, thrown: unknown): void {
    const { clock, retry } = this.#parts
    const { execution, scheduler } = live
    const error = failureRecord(thrown)
    trace.service.say('%s failed an invocation: %s', execution.arn, error.ErrorType)
    this.#complete(live, error)
    const { crashes, errors } = execution.progress
    if (isCrash(error)) {
      execution.advance({ crashes: crashes + 1 })
      if (crashes + 1 < retry.crashAttempts) return this.wake(live)
    } else {
      execution.advance({ errors: errors + 1 })
      if (errors + 1 < retry.errorAttempts) {
        const due = clock.now() + retryDelay(retry, errors + 1)
        execution.advance({ retryAt: due })
        return scheduler.add(retryAt(due))
      }
    }
    this.end(live, { status: 'FAILED', error })
  }

  /** Writes down that the invocation in flight is over. */
  #complete(live: Live, error?: ErrorRecord): void {
    const { execution } = live
    const { invocation } = execution.progress
    if (!invocation) return
    const now = this.#parts.clock.now()
    live.deadline?.cancel()
    delete live.deadline
    delete live.tokens
    execution.advance({ invocation: undefined })
    execution.append(
      event('InvocationCompleted', now, {
        StartTimestamp: invocation.startedAt,
        EndTimestamp: now,
        RequestId: invocation.requestId,
        ...(error ? { Error: eventData(error) } : {}),
      }),
    )
    for (const run of live.soon) run()
  }

  #apply(live: Live, { kind, id }: Appointment): void {
    const { execution } = live
    const now = this.#parts.clock.now()
    const record = execution.get(id)
    switch (kind) {
      case 'wait':
      case 'retry':
        if (record?.Type === 'WAIT' || record?.Type === 'STEP') {
          this.#befall(execution, elapsed(record, now))
        }
        return
      case 'callback':
        return void this.settle(live, id, { status: 'TIMED_OUT', error: callbackTimeout })
      case 'heartbeat':
        return void this.settle(live, id, { status: 'TIMED_OUT', error: heartbeatTimeout })
      case 'invocation':
        return execution.advance({ retryAt: undefined })
      case 'execution':
        return this.end(live, {
          status: 'TIMED_OUT',
          error: executionTimeout(execution.facts.timeoutSeconds),
        })
    }
  }

  #befall(execution: Execution, next: ReturnType<typeof settled>): void {
    execution.put(next.record, 'event')
    if (next.event) execution.append(next.event)
  }

  /** The end of an execution that a chained invoke started is the end of that operation. */
  #tellParent({ facts }: Execution, ending: Ending): void {
    const { parent, timeoutSeconds } = facts
    const caller = parent && this.#parts.executions.get(parent.executionArn)
    if (!caller) return
    const live = this.live(caller)
    const settlement = settlementOf(ending, timeoutSeconds, this.#parts.limits)
    if (this.settle(live, parent.operationId, settlement)) this.wake(live)
  }
}

const idleAttempts = 3
const soonMilliseconds = 250

function isOver(result: string | undefined, limits: ServiceLimits): boolean {
  return result !== undefined && Buffer.byteLength(result) > limits.executionPayloadBytes
}

function responseTooLarge(limits: ServiceLimits): InvocationFailure {
  const most = `(${limits.executionPayloadBytes} bytes)`
  const text = `Response payload size exceeded maximum allowed payload size ${most}.`
  return new InvocationFailure('Function.ResponseSizeTooLarge', text)
}
