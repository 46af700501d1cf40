import type { StoredEvent } from './history.ts'
import type {
  ExecutionChange,
  ExecutionFacts,
  ExecutionProgress,
  Store,
  StoredExecution,
  StoredOperation,
} from './store.ts'

interface Kept {
  readonly facts: ExecutionFacts
  progress: ExecutionProgress
  readonly operations: StoredOperation[]
  readonly events: StoredEvent[]
}

/** Keeps executions as long as the process lives. */
export class MemoryStore implements Store {
  readonly #kept = new Map<string, Kept>()

  load(): Iterable<StoredExecution> {
    return this.#kept.values()
  }

  save(changes: readonly ExecutionChange[]): void {
    for (const { arn, facts, progress, operations, events } of changes) {
      let kept = this.#kept.get(arn)
      if (!kept) {
        if (!facts) throw new Error(`Nothing is stored of ${arn} that could change.`)
        kept = { facts, progress, operations: [], events: [] }
        this.#kept.set(arn, kept)
      }
      kept.progress = progress
      for (const operation of operations) kept.operations[operation.sequence] = operation
      for (const one of events) kept.events.push(one)
    }
  }

  remove(arn: string): void {
    this.#kept.delete(arn)
  }
}
