import type { Clock } from '../kernel/clock.ts'
import { brokenInvariant } from '../kernel/errors.ts'
import { Execution, type Reread } from './execution.ts'
import type { ExecutionFacts, Store } from './store.ts'

const dayMilliseconds = 86_400_000

/** All executions that are still remembered, and their way into the store. */
export class Executions {
  readonly #store: Store
  readonly #clock: Clock
  readonly #byArn = new Map<string, Execution>()
  /** The execution that holds a name; names are unique in the account. */
  readonly #byName = new Map<string, Execution>()
  /** In the order of their start. */
  readonly #byFunction = new Map<string, Set<Execution>>()
  /** Those that have ended, by how many days they are kept; in each line, in the order of their end. */
  readonly #ended = new Map<number, Set<Execution>>()
  readonly #changed = new Set<Execution>()
  #started = 0

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
    const ended: Execution[] = []
    for (const stored of store.load()) {
      const reread = this.#rereadOf(stored.facts.arn)
      const onChange = (one: Execution) => this.#changed.add(one)
      const execution = new Execution(stored.facts, onChange, stored, reread)
      this.#keep(execution)
      if (!execution.isRunning) ended.push(execution)
    }
    ended.sort((one, other) => endOf(one) - endOf(other))
    for (const execution of ended) this.#expireLater(execution)
    this.#forgetExpired()
  }

  /** The next execution's place in the order of starts. */
  nextOrdinal(): number {
    return this.#started + 1
  }

  add(facts: ExecutionFacts): Execution {
    const execution = new Execution(facts, (one) => this.#changed.add(one))
    this.#changed.add(execution)
    this.#keep(execution)
    return execution
  }

  get(arn: string): Execution | undefined {
    return this.#unlessExpired(this.#byArn.get(arn))
  }

  named(name: string): Execution | undefined {
    return this.#unlessExpired(this.#byName.get(name))
  }

  /** Those of a function, in the order of their start. */
  of(functionName: string): Execution[] {
    const executions = this.#byFunction.get(functionName) ?? []
    return [...executions].filter((one) => this.#unlessExpired(one) !== undefined)
  }

  all(): Execution[] {
    return [...this.#byArn.values()]
  }

  /** Writes down whatever has changed since the last time. */
  save(): void {
    if (this.#changed.size === 0) return
    const changed = [...this.#changed]
    this.#changed.clear()
    this.#store.save(changed.map((execution) => execution.takeChange()))
    for (const execution of changed) {
      if (execution.isRunning) continue
      const reread = this.#rereadOf(execution.arn)
      if (reread) execution.release(reread)
      this.#expireLater(execution)
    }
    this.#forgetExpired()
  }

  #keep(execution: Execution): void {
    const { arn, name, functionName, ordinal } = execution.facts
    this.#byArn.set(arn, execution)
    this.#byName.set(name, execution)
    const siblings = this.#byFunction.get(functionName) ?? new Set()
    this.#byFunction.set(functionName, siblings.add(execution))
    this.#started = Math.max(this.#started, ordinal)
  }

  #rereadOf(arn: string): Reread | undefined {
    const store = this.#store
    if (!store.read) return undefined
    return () => {
      const stored = store.read?.(arn)
      if (!stored) throw brokenInvariant(`${arn} is gone from the store`)
      return stored
    }
  }

  #expireLater(execution: Execution): void {
    const { retentionDays } = execution.facts
    const line = this.#ended.get(retentionDays) ?? new Set()
    this.#ended.set(retentionDays, line.add(execution))
  }

  // Nothing wakes up to forget: a timer two weeks away would make a clock that jumps do so at once.
  #forgetExpired(): void {
    for (const line of this.#ended.values()) {
      for (const execution of line) if (this.#unlessExpired(execution)) break
    }
  }

  #unlessExpired(execution: Execution | undefined): Execution | undefined {
    if (!execution || execution.isRunning) return execution
    const { arn, name, functionName, retentionDays } = execution.facts
    if (this.#clock.now() < endOf(execution) + retentionDays * dayMilliseconds) return execution
    this.#byArn.delete(arn)
    if (this.#byName.get(name) === execution) this.#byName.delete(name)
    this.#byFunction.get(functionName)?.delete(execution)
    this.#ended.get(retentionDays)?.delete(execution)
    this.#changed.delete(execution)
    this.#store.remove(arn)
    return undefined
  }
}

function endOf({ progress }: Execution): number {
  return progress.endedAt ?? 0
}
