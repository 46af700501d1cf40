import { Descriptor, type BuildWatch } from '../operations/operation.ts'
import type { Observer } from './observer.ts'

/** Which operations the workflow's code has built, and what became of them. */
export class Builds implements BuildWatch {
  readonly #observer: Observer
  readonly #metAgain: Descriptor<unknown>[] = []
  #unused = 0

  constructor(observer: Observer) {
    this.#observer = observer
  }

  /** Whether operations were built during the run that nobody yielded. */
  get hasUnused(): boolean {
    return this.#unused > 0
  }

  /** Descriptors that were met more than once. */
  get metAgain(): readonly Descriptor<unknown>[] {
    return this.#metAgain
  }

  built(descriptor: Descriptor<unknown>): void {
    this.#unused += 1
    this.#observer.built?.(descriptor)
  }

  used(descriptor: Descriptor<unknown>): void {
    this.#unused -= 1
    this.#observer.used?.(descriptor)
  }

  met(descriptor: Descriptor<unknown>): void {
    if (Descriptor.meet(descriptor) > 1) this.#metAgain.push(descriptor)
  }
}
