import { nextTurn, systemClock } from '../kernel/clock.ts'
import { invalidOption, type PerdureError } from '../kernel/errors.ts'
import { systemRandom } from '../kernel/random.ts'
import { version } from '../kernel/version.ts'
import type { InvocationRetry } from '../service/invocation-retry.ts'
import type { ServiceLimits } from '../service/service-limits.ts'
import { LambdaService } from '../service/service.ts'
import type { ExecutionChange, Store, StoredExecution } from '../service/store.ts'
import { adminRoutes } from './admin/admin-routes.ts'
import { Chaos } from './chaos/chaos.ts'
import { duplicating } from './chaos/duplicating.ts'
import { interference } from './chaos/interference.ts'
import { closable, type ClosableClock } from './clock/closable-clock.ts'
import { LocalClock, type ClockMode } from './clock/local-clock.ts'
import { lambdaApi } from './http/lambda-api.ts'
import { listen, type Listening } from './http/listen.ts'
import type { Durability, HostedFunction, LogLine } from './ports.ts'
import type { Kept } from './store/kept-value.ts'
import { openStore } from './store/open-store.ts'
import type { SqliteLogs } from './store/sqlite-logs.ts'
import type { SqliteStore } from './store/sqlite-store.ts'
import { awaitReaper } from './workers/await-reaper.ts'
import { Workers, type WorkerLimits } from './workers/workers.ts'

export interface LocalServiceOptions {
  readonly functions: readonly HostedFunction[]
  readonly port?: number | undefined
  readonly host?: string | undefined
  readonly allowedHosts?: readonly string[] | undefined
  /** Path of the SQLite file that keeps everything; `:memory:`, which is the default, for none. */
  readonly store?: string | undefined
  readonly clock?: ClockMode | undefined
  readonly region?: string | undefined
  readonly accountId?: string | undefined
  readonly limits?: Partial<ServiceLimits> | undefined
  readonly retry?: Partial<InvocationRetry> | undefined
  readonly workers?: Partial<WorkerLimits> | undefined
  readonly credentials?: 'dummy' | 'own' | undefined
  /** Where processes of functions start; the present folder when left out. */
  readonly folder?: string | undefined
  /** Is handed every line that a function writes, as it comes. */
  readonly onLog?: ((line: LogLine) => void) | undefined
  /** Is handed all that is saved of executions, as it happens. */
  readonly onChange?: ((changes: readonly ExecutionChange[]) => void) | undefined
  /**
   * Told when the store cannot be written any more. Nothing works from then on; when left out, the
   * failure is thrown with nobody to catch it, which ends the process.
   */
  readonly onFailure?: ((failure: PerdureError) => void) | undefined
}

const defaultRegion = 'us-east-1'
const defaultAccountId = '123456789012'
const tailBytes = 4096

/**
 * Lambda's durable functions on this machine: its API over HTTP, functions in processes of their own,
 * everything in one file.
 */
export class LocalService {
  readonly service: LambdaService
  readonly clock: LocalClock
  readonly workers: Workers
  readonly chaos: Chaos
  readonly #options: LocalServiceOptions
  readonly #functions = new Map<string, HostedFunction>()
  readonly #closeStore: () => void
  readonly #store: Store
  /** Of invocations and of callers that wait; real, whatever the clock of the service. */
  readonly #real: ClosableClock = closable(systemClock)
  /** Whoever makes this is told of earlier failures by what is thrown. */
  readonly #onFailure: ((failure: PerdureError) => void) | undefined
  readonly #keptReaper: Kept<number>
  readonly #durability: Durability
  readonly #logs: SqliteLogs
  #listening: Listening | undefined
  #isClosed = false

  /** Opens the store and takes the functions in; nothing runs before `start`. */
  constructor(options: LocalServiceOptions) {
    this.#options = options
    const { region = defaultRegion, accountId = defaultAccountId, onLog, onChange } = options
    const { store, logs, clock, reaper, durability, close } = openStore({
      file: options.store ?? ':memory:',
      onFailure: (failure) => this.#onFailure?.(failure),
    })
    this.#closeStore = close
    this.#store = store
    this.#keptReaper = reaper
    this.#durability = durability
    this.#logs = logs
    this.clock = new LocalClock({ mode: options.clock, keeper: clock })
    this.chaos = new Chaos(systemRandom)
    this.workers = new Workers({
      endpoint: () => this.url,
      region,
      accountId,
      durability,
      logs: {
        write: (line) => {
          try {
            logs.write(line)
          } catch {
            // The store has failed, and whoever has to know that was told.
          }
          onLog?.(line)
        },
      },
      ...(options.folder === undefined ? {} : { folder: options.folder }),
      ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
      ...(options.workers === undefined ? {} : { limits: options.workers }),
    })
    this.service = new LambdaService({
      clock: this.clock,
      invocationClock: this.#real,
      invoker: duplicating(this.workers, this.chaos),
      store: onChange ? observed(store, onChange) : store,
      region,
      accountId,
      needsQualifier: true,
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      ...(options.retry === undefined ? {} : { retry: options.retry }),
    })
    for (const one of options.functions) this.host(one)
    this.#onFailure = (failure) => {
      // What goes on by itself would only fail again and again, with nobody there to catch it.
      this.clock.close()
      this.service.close()
      const { onFailure = endProcess } = options
      onFailure(failure)
    }
  }

  /** What `AWS_ENDPOINT_URL_LAMBDA` is to be set to. */
  get url(): string {
    if (!this.#listening) throw invalidOption('url', 'a service that was started', 'none')
    return this.#listening.url
  }

  get functions(): readonly HostedFunction[] {
    return [...this.#functions.values()]
  }

  /** All that is kept of an execution. */
  read(arn: string): StoredExecution | undefined {
    return this.#store.read?.(arn)
  }

  /** Takes a function in; one of the same name and version is replaced. */
  host(fn: HostedFunction): void {
    this.service.register(fn)
    this.workers.host(fn)
    this.#functions.set(`${fn.name}:${fn.version ?? '$LATEST'}`, fn)
  }

  /** Listens, and goes on with the executions that the store holds. */
  async start(): Promise<void> {
    await this.#takeOver()
    if (this.#isOver()) return
    this.#listening = await this.#listen()
    if (this.#isOver()) return this.#listening.close(0)
    this.service.resume()
  }

  #listen(): Promise<Listening> {
    const { service, clock, workers, chaos } = this
    const { port, host, allowedHosts } = this.#options
    const logs = this.#logs
    const app = lambdaApi({
      service,
      functions: () => this.#functions.values(),
      durability: this.#durability,
      logTail: (requestId) => {
        const { lines } = logs.read({ requestId, maxLines: 10_000 })
        const text = lines.map(({ text: one }) => `${one}\n`).join('')
        return Buffer.from(text).subarray(-tailBytes).toString()
      },
      routes: adminRoutes({ service, clock, workers, chaos, logs, version }),
      around: interference(chaos, this.#real),
      clock: this.#real,
      ...(allowedHosts ? { allowedHosts } : {}),
    })
    return listen({
      app,
      ...(port === undefined ? {} : { port }),
      ...(host === undefined ? {} : { host }),
    })
  }

  /**
   * Waits until the processes of a server that was killed are killed as well: none of them may be at
   * work on an attempt when this one begins the next. Whoever follows finds our reaper in its place.
   */
  async #takeOver(): Promise<void> {
    const previous = this.#keptReaper.read()
    if (previous !== undefined) await awaitReaper(previous, systemClock)
    if (this.#isOver()) return
    const reaper = this.workers.guard()
    if (reaper === undefined) return
    this.#keptReaper.write(reaper)
    await this.#durability.committed()
  }

  /** Ends everything; what is under way goes on when the store is opened again. */
  async close(graceMilliseconds = 1000): Promise<void> {
    this.#isClosed = true
    const processesGone = this.workers.close()
    await this.#listening?.close(graceMilliseconds)
    await processesGone
    this.clock.close()
    this.#real.close()
    this.service.close()
    this.#closeStore()
  }

  /** Perhaps it has been closed while it was waiting for something. */
  #isOver(): boolean {
    return this.#isClosed
  }
}

function endProcess(failure: PerdureError): void {
  nextTurn(() => {
    throw failure
  })
}

function observed(
  store: SqliteStore,
  onChange: (changes: readonly ExecutionChange[]) => void,
): Store {
  return {
    load: () => store.load(),
    read: (arn) => store.read(arn),
    remove: (arn) => store.remove(arn),
    save: (changes) => {
      store.save(changes)
      onChange(changes)
    },
  }
}
