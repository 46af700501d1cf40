// Real timers and clocks under watch: who puts something else in their place, and what is slept.

type Timer = ReturnType<typeof setTimeout>
type Fire = (...args: unknown[]) => void

/** What stands for time in the process, by owner and key. */
const places: readonly (readonly [object, string])[] = [
  ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate'].map(
    (key) => [globalThis, key] as const,
  ),
  [globalThis, 'queueMicrotask'],
  [globalThis, 'Date'],
  [Date, 'now'],
  [performance, 'now'],
]

export interface WatchedTime {
  /** What was put in the place of a timer or a clock, were it for a moment. */
  readonly replaced: readonly string[]
  /** Delays that somebody has slept. */
  readonly slept: readonly number[]
  /** Timers with a delay that were set and neither fired nor were cleared. */
  readonly left: number
  /** What stands there now. */
  standing(): unknown[]
  end(): void
}

/** Watches until `end` is called; nothing else may be put there meanwhile that is to stay. */
export function watchTime(): WatchedTime {
  const replaced: string[] = []
  const slept: number[] = []
  const open = new Set<Timer>()
  const real = { setTimeout, setInterval, clearTimeout, clearInterval }
  const watched =
    (set: (fire: () => void, delay?: number) => Timer) =>
    (fire: Fire, delay = 0, ...args: unknown[]): Timer => {
      const timer = set(() => {
        open.delete(timer)
        if (delay > 0) slept.push(delay)
        fire(...args)
      }, delay)
      if (delay > 0) open.add(timer)
      return timer
    }
  const watchedClear = (clear: (timer: Timer) => void) => (timer: Timer) => {
    open.delete(timer)
    clear(timer)
  }
  const stand: Readonly<Record<string, unknown>> = {
    setTimeout: watched(real.setTimeout),
    setInterval: watched(real.setInterval),
    clearTimeout: watchedClear(real.clearTimeout),
    clearInterval: watchedClear(real.clearInterval),
  }
  const originals = places.map(([owner, key]) => {
    const original = Object.getOwnPropertyDescriptor(owner, key)
    let value: unknown = stand[key] ?? Reflect.get(owner, key)
    Object.defineProperty(owner, key, {
      configurable: true,
      get: () => value,
      set(other: unknown) {
        replaced.push(key)
        value = other
      },
    })
    return original
  })
  return {
    replaced,
    slept,
    get left() {
      return open.size
    },
    standing: () => places.map(([owner, key]): unknown => Reflect.get(owner, key)),
    end() {
      for (const [index, [owner, key]] of places.entries()) {
        const original = originals[index]
        if (original) Object.defineProperty(owner, key, original)
        else Reflect.deleteProperty(owner, key)
      }
    },
  }
}
