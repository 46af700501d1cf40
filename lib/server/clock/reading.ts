/** What there is to know of a clock: it read `time` when the real one read `real`. */
export interface ClockReading {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly real: number
  /** How fast it goes: 1 as the real one, 0 not at all. */
  readonly factor: number
}

/** Where the reading of a clock outlives the process. */
export interface ClockKeeper {
  read(): ClockReading | undefined
  write(reading: ClockReading): void
}
