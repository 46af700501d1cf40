import { createHash } from 'node:crypto'
import { PerdureError } from '../kernel/errors.ts'
import type { Log } from '../kernel/logger.ts'
import { failed, isPromiseLike, succeeded, type Settled } from '../kernel/settled.ts'
import { watchBuilds, type BuildWatch } from '../operations/operation.ts'
import type { StepContext } from '../operations/workflow.ts'
import type { Environment } from './environment.ts'
import type { Job } from './parking.ts'
import type { Observer } from './observer.ts'
import type { Position } from './position.ts'
import { describeDescriptor } from './words.ts'

/** Where bodies run: begins each job, bounds its time, and gives it back with its outcome. */
export class Workshop {
  readonly #env: Environment
  readonly #observer: Observer
  readonly #settle: (job: Job, outcome: Settled) => void
  readonly #open = new Map<Job, Attempt>()

  constructor(env: Environment, observer: Observer, settle: (job: Job, outcome: Settled) => void) {
    this.#env = env
    this.#observer = observer
    this.#settle = settle
  }

  begin(job: Job): void {
    const attempt = new Attempt(job, this.#env)
    const { work } = job
    if (work.attempt) this.#observer.attempting?.(work.position, work.attempt.number)
    let returned: unknown
    const watch = watchBuilds(work.attempt && new MisuseWatch(attempt))
    try {
      returned = work.call(attempt)
    } catch (error) {
      return this.#end(attempt, failed(error))
    } finally {
      watchBuilds(watch)
    }
    if (!isPromiseLike(returned)) return this.#end(attempt, succeeded(returned))

    this.#open.set(job, attempt)
    attempt.startClock(() => void this.#end(attempt, failed(timedOut(work.position, attempt))))
    returned.then(
      (value) => void this.#end(attempt, succeeded(value)),
      (error: unknown) => void this.#end(attempt, failed(error)),
    )
  }

  /** Leaves one job to itself, its signal aborted and its outcome unheard. */
  drop(job: Job): void {
    const attempt = this.#open.get(job)
    if (!attempt) return
    const { work } = job
    if (work.attempt) this.#observer.dropped?.(work.position, work.attempt.number)
    this.#leave(attempt)
  }

  /** Leaves all that still runs to itself: the invocation is over. */
  abandon(): void {
    for (const attempt of [...this.#open.values()]) this.#leave(attempt)
  }

  #leave(attempt: Attempt): void {
    this.#open.delete(attempt.job)
    attempt.over = true
    attempt.stopClock()
    attempt.abort(new PerdureError('CANCELLED', 'Nobody waits for this attempt any longer.'))
  }

  #end(attempt: Attempt, outcome: Settled): void {
    if (attempt.over) return
    attempt.over = true
    attempt.stopClock()
    this.#open.delete(attempt.job)
    const { work } = attempt.job
    if (work.attempt) this.#observer.attempted?.(work.position, work.attempt.number, outcome)
    this.#settle(attempt.job, outcome)
  }
}

/** One attempt of a body, and what the body is handed. Its dearer parts are made when asked for. */
class Attempt implements StepContext {
  readonly job: Job
  over = false
  readonly #env: Environment
  #controller: AbortController | undefined
  #aborted: PerdureError | undefined
  #log: Log | undefined
  #stop: (() => void) | undefined

  constructor(job: Job, env: Environment) {
    this.job = job
    this.#env = env
    const { name } = job.work.position
    if (name !== undefined) this.name = name
  }

  declare readonly name?: string

  get attempt(): number {
    return this.job.work.attempt?.number ?? 1
  }

  get operationId(): string {
    return this.job.work.position.id
  }

  get executionArn(): string {
    return this.#env.executionArn
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#aborted) this.#controller.abort(this.#aborted)
    return this.#controller.signal
  }

  get idempotencyKey(): string {
    const place = `${this.executionArn}\n${this.operationId}`
    return createHash('sha256').update(place).digest('hex').slice(0, 32)
  }

  get log(): Log {
    this.#log ??= this.#env.log({
      operationId: this.operationId,
      ...(this.name === undefined ? {} : { operationName: this.name }),
      attempt: this.attempt,
    })
    return this.#log
  }

  get timeout(): number | undefined {
    return this.job.work.attempt?.timeout
  }

  startClock(onTimeout: () => void): void {
    const { clock } = this.#env
    const release = clock.hold?.()
    const timer =
      this.timeout === undefined
        ? undefined
        : clock.startTimer(this.timeout, () => this.#timeOut(onTimeout))
    if (release === undefined && timer === undefined) return
    this.#stop = () => {
      release?.()
      timer?.cancel()
    }
  }

  stopClock(): void {
    this.#stop?.()
    this.#stop = undefined
  }

  abort(reason: PerdureError): void {
    this.#aborted = reason
    this.#controller?.abort(reason)
  }

  /** The outcome is decided first: a body that answers its signal at once must not overtake it. */
  #timeOut(onTimeout: () => void): void {
    onTimeout()
    this.abort(timedOut(this.job.work.position, this))
  }
}

function timedOut(position: Position, attempt: Attempt): PerdureError {
  const seconds = (attempt.timeout ?? 0) / 1000
  return new PerdureError(
    'STEP_TIMED_OUT',
    `Attempt ${attempt.attempt} of ${position.place} was not done ` + `within ${seconds} seconds.`,
  )
}

/** Finds operations built while a body is on the stack, where nothing can carry them out. */
class MisuseWatch implements BuildWatch {
  readonly #attempt: Attempt

  constructor(attempt: Attempt) {
    this.#attempt = attempt
  }

  built(descriptor: Parameters<BuildWatch['built']>[0]): void {
    // Its kind and name are set only once the constructor is done.
    queueMicrotask(() => {
      this.#attempt.log.warn(
        `The body of ${this.#attempt.job.work.position.words} built ${describeDescriptor(descriptor)}, ` +
          'which nothing carries out: operations are yielded by the workflow, not used inside a body.',
      )
    })
  }

  used(): void {}
}
