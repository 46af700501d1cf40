import type { Clock } from '../kernel/clock.ts'
import { Execution } from './execution.ts'
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
  readonly #changed = new Set<Execution>()
  #started = 0

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
    for (const stored of store.load()) {
      this.#keep(new Execution(stored.facts, (one) => this.#changed.add(one), stored))
    }
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
    const changes = [...this.#changed].map((execution) => execution.takeChange())
    this.#changed.clear()
    this.#store.save(changes)
  }

  #keep(execution: Execution): void {
    const { arn, name, functionName, ordinal } = execution.facts
    this.#byArn.set(arn, execution)
    this.#byName.set(name, execution)
    const siblings = this.#byFunction.get(functionName) ?? new Set()
    this.#byFunction.set(functionName, siblings.add(execution))
    this.#started = Math.max(this.#started, ordinal)
  }

  // Nothing wakes up to forget: a timer two weeks away would make a clock that jumps do so at once.
  #unlessExpired(execution: Execution | undefined): Execution | undefined {
    const endedAt = execution?.progress.endedAt
    if (!execution || endedAt === undefined) return execution
    const { arn, name, functionName, retentionDays } = execution.facts
    if (this.#clock.now() < endedAt + retentionDays * dayMilliseconds) return execution
    this.#byArn.delete(arn)
    if (this.#byName.get(name) === execution) this.#byName.delete(name)
    this.#byFunction.get(functionName)?.delete(execution)
    this.#changed.delete(execution)
    this.#store.remove(arn)
    return undefined
  }
}
