import { MemoryStore } from '../../service/memory-store.ts'
import type { ExecutionChange, Store, StoredExecution } from '../../service/store.ts'

/** Keeps executions, tells of each change, and hands out copies of how things stand. */
export class WatchedStore implements Store {
  readonly #kept = new MemoryStore()
  readonly #onChange: (changes: readonly ExecutionChange[]) => void
  #version = 0
  #copy: { readonly version: number; readonly executions: readonly StoredExecution[] } | undefined

  constructor(
    executions: readonly StoredExecution[],
    onChange: (changes: readonly ExecutionChange[]) => void,
  ) {
    this.#onChange = onChange
    this.#kept.save(executions.map((one) => ({ ...one, arn: one.facts.arn })))
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version
  }

  load(): Iterable<StoredExecution> {
    return this.#kept.load()
  }

  save(changes: readonly ExecutionChange[]): void {
    this.#version += 1
    this.#kept.save(changes)
    this.#onChange(changes)
  }

  remove(arn: string): void {
    this.#kept.remove(arn)
  }

  /** All executions as they stand now; what happens later does not change it. */
  copy(): readonly StoredExecution[] {
    if (this.#copy?.version === this.#version) return this.#copy.executions
    const executions = [...this.#kept.load()].map((one) => ({
      ...one,
      operations: [...one.operations],
      events: [...one.events],
    }))
    this.#copy = { version: this.#version, executions }
    return executions
  }
}
