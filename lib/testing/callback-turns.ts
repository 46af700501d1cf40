import type { CallbackAnswer, CallbackScripts } from './scenario.ts'

/** An answer for which there is something to do in time. */
export type Timed = Exclude<CallbackAnswer, 'timeout'>
/** One that is sent in the end. */
export type Sent = Exclude<Timed, { readonly timeout: true }>

/** Answers for callbacks as they were told beforehand, each in its turn. */
export class CallbackTurns {
  readonly #scripts: CallbackScripts
  readonly #counts = new Map<string, number>()

  constructor(scripts: CallbackScripts) {
    this.#scripts = scripts
  }

  /** Names that there is an answer for and that no callback had. */
  get unused(): string[] {
    return Object.keys(this.#scripts).filter((name) => !this.#counts.has(name))
  }

  /** The n-th of a name takes the n-th of several answers; the last serves all that follow. */
  next(name: string): CallbackAnswer | undefined {
    const script = Object.hasOwn(this.#scripts, name) ? this.#scripts[name] : undefined
    if (script === undefined) return undefined
    const count = this.#counts.get(name) ?? 0
    this.#counts.set(name, count + 1)
    return isList(script) ? script[Math.min(count, script.length - 1)] : script
  }
}

function isList(script: CallbackScripts[string]): script is readonly CallbackAnswer[] {
  return Array.isArray(script)
}
