/** How something ended, carried as data from where it happened to where it is handed over. */
export type Settled<T = unknown> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }

export function succeeded<T>(value: T): Settled<T> {
  return { ok: true, value }
}

export function failed(error: unknown): Settled<never> {
  return { ok: false, error }
}

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  )
}

/** Hears out a promise that is refused: a failure that nobody hears would end the process. */
export function disown(value: unknown): void {
  if (isPromiseLike(value)) value.then(undefined, () => undefined)
}
