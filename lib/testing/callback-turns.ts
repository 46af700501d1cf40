import { toMilliseconds } from '../kernel/duration.ts'
import { invalidOption } from '../kernel/errors.ts'
import type { CallbackAnswer, CallbackScripts } from './scenario.ts'

/** An answer for which there is something to do in time. */
export type Timed = Exclude<CallbackAnswer, 'timeout'>
/** One that is sent in the end. */
export type Sent = Exclude<Timed, { readonly timeout: true }>

/** Answers for callbacks as they were told beforehand, each in its turn. */
export class CallbackTurns {
  readonly #scripts: CallbackScripts
  readonly #counts = new Map<string, number>()

  /** Throws INVALID_OPTION for what is no answer. */
  constructor(scripts: CallbackScripts) {
    for (const [name, script] of Object.entries(scripts)) checkScript(`callbacks.${name}`, script)
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

function checkScript(option: string, script: CallbackScripts[string]): void {
  if (!isList(script)) return void checkAnswer(option, script)
  if (script.length === 0) throw invalidOption(option, 'one answer or more', script)
  for (const [index, answer] of script.entries()) checkAnswer(`${option}[${index}]`, answer)
}

function checkAnswer(option: string, answer: CallbackAnswer): void {
  if (answer === 'timeout') return
  if (typeof answer !== 'object' || (answer as unknown) === null || !saysOneThing(answer)) {
    throw invalidOption(option, `'timeout', { succeed }, { fail } or { timeout: true }`, answer)
  }
  const { after, heartbeat } = answer
  if (after !== undefined) toMilliseconds(after, `${option}.after`)
  if (heartbeat !== undefined) toMilliseconds(heartbeat, `${option}.heartbeat`)
  if ('fail' in answer && typeof (answer.fail as Partial<Error> | null)?.message !== 'string') {
    throw invalidOption(`${option}.fail`, 'an error or { type, message }', answer.fail)
  }
}

function saysOneThing(answer: Timed): boolean {
  const said = ['succeed', 'fail', 'timeout'].filter((key) => key in answer)
  return said.length === 1 && (!('timeout' in answer) || (answer.timeout as unknown) === true)
}

function isList(script: CallbackScripts[string]): script is readonly CallbackAnswer[] {
  return Array.isArray(script)
}
