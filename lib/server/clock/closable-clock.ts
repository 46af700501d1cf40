import type { Clock, Timer } from '../../kernel/clock.ts'

/** A clock whose timers end with it, so that none keeps the process alive for what is over. */
export interface ClosableClock extends Clock {
  close(): void
}

export function closable(clock: Clock): ClosableClock {
  const running = new Set<Timer>()
  let isClosed = false
  return {
    now: () => clock.now(),
    startTimer(milliseconds, fire) {
      if (isClosed) return { cancel: () => {} }
      const timer = clock.startTimer(milliseconds, () => {
        running.delete(timer)
        fire()
      })
      running.add(timer)
      return {
        cancel: () => {
          running.delete(timer)
          timer.cancel()
        },
      }
    },
    close() {
      isClosed = true
      for (const timer of running) timer.cancel()
      running.clear()
    },
  }
}
