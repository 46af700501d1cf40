/** Wakes one waiter; a wake that finds nobody waiting is kept for the next. */
export class Signal {
  #awake = false
  #failure: { readonly error: unknown } | undefined
  #waiter: { resolve: () => void; reject: (error: unknown) => void } | undefined

  readonly wake = (): void => {
    if (this.#waiter) this.#waiter.resolve()
    else this.#awake = true
    this.#waiter = undefined
  }

  readonly fail = (error: unknown): void => {
    if (this.#waiter) this.#waiter.reject(error)
    else this.#failure = { error }
    this.#waiter = undefined
  }

  /** Resolves at the next wake, and rejects once something has failed. */
  next(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return void reject(this.#failure.error)
      if (this.#awake) {
        this.#awake = false
        return void resolve()
      }
      this.#waiter = { resolve, reject }
    })
  }
}
