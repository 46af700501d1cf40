import { Descriptor, type Operation, type Routine } from './operation.ts'

declare const brand: unique symbol

/** A strand that was forked: `yield*` it to join it, any number of times. */
export interface Task<out T> extends Routine<T> {
  readonly [brand]: 'task'
  /** Ends it: its clean-up runs, and whoever joins it catches CANCELLED. */
  cancel(): Operation<void>
}

/** What the driver knows a task by. */
export interface TaskState {
  readonly id: string
}

export class TaskHandle<T> implements Task<T> {
  declare readonly [brand]: 'task'
  readonly #state: TaskState
  readonly name: string | undefined

  constructor(name: string | undefined, state: TaskState) {
    this.name = name
    this.#state = state
    Object.freeze(this)
  }

  [Symbol.iterator](): Iterator<Operation<unknown>, T, unknown> {
    return new TaskOperation<T>('join', this.name, this.#state)[Symbol.iterator]()
  }

  cancel(): Operation<void> {
    return new TaskOperation<void>('cancel', this.name, this.#state)
  }
}

export class TaskOperation<T> extends Descriptor<T> {
  readonly kind: 'join' | 'cancel'
  readonly name: string | undefined
  readonly state: TaskState

  constructor(kind: TaskOperation<T>['kind'], name: string | undefined, state: TaskState) {
    super()
    this.kind = kind
    this.name = name
    this.state = state
    Object.freeze(this)
  }
}

export function isTask(value: unknown): value is Task<unknown> {
  return value instanceof TaskHandle
}
