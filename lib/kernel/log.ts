import type { Debugger } from 'debug'

// Names under which perdure tells what it does: `DEBUG=perdure:*` shows all of it. Facts only, the
// operation's id first, never a payload.

type Namespace = `perdure:${string}`

/** One name to trace under; silent, and free, unless `DEBUG` asks for it. */
class Trace {
  readonly #namespace: Namespace
  #debugger: Debugger | undefined
  #early: [string, unknown[]][] = []

  constructor(namespace: Namespace) {
    this.#namespace = namespace
  }

  get isOn(): boolean {
    return wanted && (this.#debugger === undefined || this.#debugger.enabled)
  }

  say(format: string, ...facts: unknown[]): void {
    if (!this.isOn) return
    if (this.#debugger) this.#debugger(format, ...facts)
    else this.#early.push([format, facts])
  }

  /** Says what has been kept until `debug` was there to say it. */
  open(debug: (namespace: string) => Debugger): void {
    this.#debugger = debug(this.#namespace)
    for (const [format, facts] of this.#early) this.say(format, ...facts)
    this.#early = []
  }
}

const wanted = (process.env['DEBUG'] ?? '') !== ''

export const trace = {
  driver: new Trace('perdure:driver'),
  checkpoint: new Trace('perdure:checkpoint'),
  lambda: new Trace('perdure:lambda'),
  service: new Trace('perdure:service'),
}

// Loaded only when it has something to show: it doubles the time of a cold start, and it looks for a
// terminal in a way that a bundle of ES modules does not survive.
if (wanted) {
  void import('debug').then(
    ({ default: debug }) => {
      for (const one of Object.values(trace)) one.open(debug)
    },
    (error: unknown) => {
      process.stderr.write(
        `DEBUG is set, but the package debug cannot be loaded: ${String(error)}\n`,
      )
    },
  )
}
