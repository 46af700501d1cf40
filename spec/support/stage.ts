import type { Environment } from '../../lib/driver/environment.ts'
import { Machine } from '../../lib/driver/machine.ts'
import type { Job } from '../../lib/driver/parking.ts'
import { replayAware, type ReplayLogs } from '../../lib/driver/workflow-log.ts'
import { Journal } from '../../lib/journal/journal.ts'
import type { OperationRecord } from '../../lib/journal/record.ts'
import type { OperationUpdate } from '../../lib/journal/update.ts'
import type { Log } from '../../lib/kernel/logger.ts'
import { systemRandom } from '../../lib/kernel/random.ts'
import { retry } from '../../lib/kernel/retry.ts'
import { json } from '../../lib/kernel/serdes.ts'
import { failed, succeeded, type Settled } from '../../lib/kernel/settled.ts'
import type { StepContext, Workflow } from '../../lib/operations/workflow.ts'
import { Ledger, type Happening } from './ledger.ts'

export interface StageOptions extends Partial<
  Pick<Environment, 'checkpointing' | 'errors' | 'random' | 'retry' | 'serdes' | 'determinism'>
> {
  readonly ledger?: Ledger
  readonly input?: unknown
  readonly executionArn?: string
  readonly replayLogs?: ReplayLogs
}

const anArn = 'arn:aws:lambda:eu-west-1:123456789012:function:f:1/durable-execution/e/1'

/**
 * A workflow on a machine that is stepped by hand: nothing is sent, run or acknowledged before the
 * spec says so. `take()` answers, in short words, what happened since it was last asked.
 */
export class Stage {
  readonly ledger: Ledger
  readonly machine: Machine
  #now = Date.UTC(2026, 0, 1)
  #words: string[] = []
  #said: OperationUpdate[] = []
  readonly #jobs: Job[] = []

  constructor(workflow: Workflow<never>, options: StageOptions = {}) {
    const {
      ledger = new Ledger(),
      input = null,
      replayLogs = 'suppress',
      executionArn = anArn,
      ...rest
    } = options
    this.ledger = ledger
    const isReplaying = () => this.machine.isReplaying
    const env: Environment = {
      executionArn,
      serdes: json,
      retry: retry.fixed({ delay: '1s', maxAttempts: 2 }),
      errors: [],
      checkpointing: 'batched',
      determinism: 'off',
      random: systemRandom,
      ...rest,
      clock: { now: () => this.#now, startTimer: () => ({ cancel: () => undefined }) },
      context: {
        log: replayAware(this.#log(), replayLogs, isReplaying),
        executionArn,
        executionName: 'e',
        get isReplaying() {
          return isReplaying()
        },
        lambda: {},
        startedAt: new Date(this.#now),
      },
      log: () => this.#log(),
    }
    this.machine = new Machine(new Journal(ledger.records), env)
    this.machine.start(() => workflow(input as never, env.context))
    this.#go()
  }

  /** What happened since the last call. */
  take(): string[] {
    const words = this.#words
    this.#words = []
    return words
  }

  /** For workflows and bodies that want a word of their own in the transcript. */
  say(word: string): void {
    this.#words.push(word)
  }

  /** The updates said and not yet acknowledged. */
  get said(): readonly OperationUpdate[] {
    return this.#said
  }

  /** The service takes the first `count` updates in, all of them unless told otherwise. */
  acknowledge(count = this.#said.length): this {
    const batch = this.#said.slice(0, count)
    this.#said = this.#said.slice(count)
    this.machine.acknowledge(batch.length, this.ledger.apply(batch))
    return this.#go()
  }

  /** Runs the body of the oldest job, or of the one of operation `id`. */
  run(id?: string, context: Partial<StepContext> = {}): this {
    const job = this.#job(id)
    let outcome: Settled
    try {
      const attempt = job.work.attempt?.number ?? 1
      outcome = succeeded(job.work.call({ attempt, ...context } as StepContext))
    } catch (error) {
      outcome = failed(error)
    }
    this.machine.settle(job, outcome)
    return this.#go()
  }

  /** Ends the oldest job with `value`, its body never called. */
  succeed(value?: unknown): this {
    this.machine.settle(this.#job(), succeeded(value))
    return this.#go()
  }

  /** Ends the oldest job with `error`, its body never called. */
  fail(error: unknown): this {
    this.machine.settle(this.#job(), failed(error))
    return this.#go()
  }

  /** Something happens outside, and the service tells of it. */
  happen(id: string, happening: Happening): this {
    return this.tell(this.ledger.happen(id, happening))
  }

  /** The service tells of newer records. */
  tell(...records: OperationRecord[]): this {
    this.machine.acknowledge(0, records)
    return this.#go()
  }

  /** Time passes on the clock of this invocation. */
  pass(seconds: number): this {
    this.#now += seconds * 1000
    return this
  }

  /** Runs and acknowledges all there is, until the machine has ended or is parked. */
  finish(): this {
    while (this.machine.ending === undefined || this.#said.length > 0) {
      if (this.#jobs.length > 0) this.run()
      else if (this.#said.length > 0) this.acknowledge()
      else return this
    }
    return this
  }

  #go(): this {
    do this.machine.advance()
    while (this.machine.canAdvance)
    for (const update of this.machine.takeUpdates()) {
      this.#said.push(update)
      this.#words.push(wordsOf(update))
    }
    for (const job of this.machine.takeJobs()) {
      this.#jobs.push(job)
      this.#words.push(`run ${job.work.position.id}`)
    }
    const { ending } = this.machine
    if (ending !== undefined) this.#end(ending)
    return this
  }

  #ended = false

  #end(ending: NonNullable<Machine['ending']>): void {
    if (this.#ended) return
    this.#ended = true
    if (ending.how === 'returned') this.#words.push(`returned ${JSON.stringify(ending.value)}`)
    else this.#words.push(`${ending.how} ${errorWords(ending.error)}`)
  }

  #job(id?: string): Job {
    const at = id === undefined ? 0 : this.#jobs.findIndex((one) => one.work.position.id === id)
    const [job] = this.#jobs.splice(at, 1)
    if (job === undefined) throw new Error(`Expected a job${id === undefined ? '' : ` of ${id}`}.`)
    return job
  }

  #log(): Log {
    const at = (level: string) => (message: string) => void this.say(`${level} ${message}`)
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  }
}

/** `START 1`, `SUCCEED 1 "x"`, `RETRY 1 +5s`. */
function wordsOf({ Action, Id, Payload, StepOptions }: OperationUpdate): string {
  const delay = StepOptions?.NextAttemptDelaySeconds
  return [Action, Id, Payload, ...(delay === undefined ? [] : [`+${delay}s`])]
    .filter((word) => word !== undefined)
    .join(' ')
}

/** `STEP_FAILED: boom`, or the name of an error that is not perdure's. */
export function errorWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : error.name
  return `${code}: ${error.message}`
}
