declare const brand: unique symbol

/** Known to every copy of this package, should a process have loaded two. */
const mark: unique symbol = Symbol.for('perdure.operation')
const uses: unique symbol = Symbol.for('perdure.operation.uses')
const meets: unique symbol = Symbol.for('perdure.operation.meets')

/** Anything that `yield*` can run: an operation, a task, a generator. */
export interface Routine<out T> {
  [Symbol.iterator](): Iterator<Operation<unknown>, T, unknown>
}

/**
 * What a workflow yields: a frozen value that says what is asked and does nothing by itself. Two
 * builds with equal arguments are equal; two yields of one are two operations.
 */
export interface Operation<out T> extends Routine<T> {
  readonly [brand]: 'operation'
}

/** Is told of every descriptor built while it is on watch. */
export interface BuildWatch {
  built(descriptor: Descriptor<unknown>): void
  /** One that was built on watch has been used: yielded, or handed to another as its body. */
  used(descriptor: Descriptor<unknown>): void
}

// No type says which symbols the global object has.
const registry = globalThis as unknown as Record<
  symbol,
  { watch?: BuildWatch | undefined } | undefined
>
/** One for the process, should it have loaded two copies of this package: what is built by one is walked by the other. */
const shared = (registry[Symbol.for('perdure.builds')] ??= {})

/** Puts `next` on watch over builds, or nobody, and answers who was before. */
export function watchBuilds(next: BuildWatch | undefined): BuildWatch | undefined {
  const previous = shared.watch
  shared.watch = next
  return previous
}

/** Builds what the driver itself needs: whether that is ever yielded is no author's mistake. */
export function unwatched<T>(build: () => T): T {
  const previous = watchBuilds(undefined)
  try {
    return build()
  } finally {
    watchBuilds(previous)
  }
}

/**
 * The common ground of all descriptors. Subclasses hold plain fields, freeze themselves, and are
 * small classes because a literal with a computed iterator is many times slower at replay.
 */
export abstract class Descriptor<out T> implements Operation<T> {
  declare readonly [brand]: 'operation'
  abstract readonly kind: string
  abstract readonly name: string | undefined
  // Private, so that descriptors stay equal by what they ask, met or not.
  readonly #builtFor: BuildWatch | undefined
  #isUsed = false
  #meetings = 0

  constructor() {
    this.#builtFor = shared.watch
    this.#builtFor?.built(this)
  }

  get [mark](): true {
    return true
  }

  [Symbol.iterator](): Iterator<Operation<unknown>, T, unknown> {
    return new Asking<T>(this)
  }

  /** Notes that `descriptor` is used, and tells who is on watch, the first time. */
  static use(descriptor: Descriptor<unknown>): void {
    descriptor[uses]()
  }

  /** Notes that a driver met `descriptor`; answers how often it did in the run that built it. */
  static meet(descriptor: Descriptor<unknown>): number {
    return descriptor[meets]()
  }

  // Called by name, as one that another copy of this package has built keeps its own count.
  [uses](): void {
    if (!this.#isWatched || this.#isUsed) return
    this.#isUsed = true
    shared.watch?.used(this)
  }

  [meets](): number {
    if (!this.#isWatched) return 1
    this[uses]()
    return ++this.#meetings
  }

  /** One built for no run, say for all of them, is not counted. */
  get #isWatched(): boolean {
    return shared.watch !== undefined && this.#builtFor === shared.watch
  }
}

export function isDescriptor(value: unknown): value is Descriptor<unknown> {
  return typeof value === 'object' && value !== null && mark in value
}

/**
 * Handed to `return` of code that stands at the `yield*` of an operation, is called with that code on
 * the stack, right below its own caller; the code stays where it is.
 */
export class Look {
  readonly around: () => void

  constructor(around: () => void) {
    this.around = around
  }
}

let asked = 0

/** How many operations have been asked for with `yield*`: more, where code has come to stand at one. */
export function timesAsked(): number {
  return asked
}

/**
 * Yields the descriptor once and returns what came back. Without `throw`, `yield*` would turn every
 * failure into a TypeError.
 */
class Asking<T> implements IterableIterator<Operation<unknown>, T, unknown> {
  readonly #descriptor: Descriptor<T>
  #asked = false

  constructor(descriptor: Descriptor<T>) {
    this.#descriptor = descriptor
  }

  /** It is delegated to itself, where a body is begun before it is walked. */
  [Symbol.iterator](): this {
    return this
  }

  next(answer?: unknown): IteratorResult<Operation<unknown>, T> {
    if (this.#asked) return { done: true, value: answer as T }
    this.#asked = true
    asked += 1
    return { done: false, value: this.#descriptor }
  }

  throw(error: unknown): never {
    throw error
  }

  return(value?: unknown): IteratorResult<Operation<unknown>, T> {
    if (value instanceof Look) {
      value.around()
      return { done: false, value: this.#descriptor }
    }
    return { done: true, value: value as T }
  }
}
